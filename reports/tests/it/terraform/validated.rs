//! Terraform itself takes what is emitted, where it is installed: `PLIMSOLL_TERRAFORM_PLUGINS` is
//! the folder of its providers (a mirror with hashicorp/aws 5.100.0). Without it nothing is run,
//! and the output says so.

use std::path::Path;
use std::process::Command;

use reports::emit::{Format, emit};

use super::{DAY, specs};

/// Runs Terraform in a folder; what it says when it fails.
fn terraform(folder: &Path, arguments: &[&str]) {
    let output = Command::new("terraform")
        .args(arguments)
        .current_dir(folder)
        .env("TF_IN_AUTOMATION", "1")
        .output()
        .expect("terraform runs, as PLIMSOLL_TERRAFORM_PLUGINS says");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (said(&output.stdout), said(&output.stderr));
    assert!(output.status.success(), "{arguments:?} in {}: {out}{err}", folder.display());
}

#[test]
fn terraform_takes_every_shape() {
    let Ok(plugins) = std::env::var("PLIMSOLL_TERRAFORM_PLUGINS") else {
        let mut stdout = std::io::stdout();
        let _ = std::io::Write::write_all(
            &mut stdout,
            b"not validated by terraform: PLIMSOLL_TERRAFORM_PLUGINS is not set\n",
        );
        return;
    };
    let folder = std::env::temp_dir().join(format!("plimsoll-terraform-{}", std::process::id()));
    for (shape, spec) in specs::all() {
        for format in [Format::TerraformAws, Format::Budget] {
            let files = emit(&spec, format, DAY).expect("it is generated");
            let own = folder.join(shape);
            for (name, text) in &files {
                let path = own.join(name);
                std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
                std::fs::write(&path, text).expect("a file");
            }
            let module = own.join(files[0].0.split('/').next().expect("it is in a folder"));
            terraform(&module, &["fmt", "-check", "-diff"]);
            terraform(&module, &["init", "-input=false", &format!("-plugin-dir={plugins}")]);
            terraform(&module, &["validate", "-json"]);
        }
    }
    let _ = std::fs::remove_dir_all(folder);
}
