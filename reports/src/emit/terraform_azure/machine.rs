//! What a machine of Azure has, whether it stands alone or in a scale set: an image, a disk and
//! somebody who could log in.

use domain::spec::{OfferPart, ServicePart, Spec, Volume};

use crate::emit::hcl_text::{Body, code};
use crate::emit::terraform::fleet::image;
use crate::emit::terraform::words::gib;

/// The variable with the key of whoever may log in.
pub(super) const KEY: &str = "ssh_public_key";

/// Who would log in.
const USER: &str = "plimsoll";

/// The smallest disk that Azure sells which an image of a system fits on, in GiB: a smaller one
/// costs as much.
const LEAST_DISK: u64 = 32;

/// What Azure calls the disks that a spec names.
pub(super) fn disk_kind(volume: &Volume) -> Option<&'static str> {
    match volume.product.as_deref() {
        Some("premium_ssd") => Some("Premium_LRS"),
        _ => None,
    }
}

/// The image that a machine starts from: a resource's name, or a marketplace's with colons.
pub(super) fn started_from(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let image = image(spec, service, offer);
    let own = format!("startswith({image}, \"/\")");
    let part = |at: usize| code(&format!("source_image_reference.value[{at}]"));
    let content = Body::default()
        .set("publisher", part(0))
        .set("offer", part(1))
        .set("sku", part(2))
        .set("version", part(3));
    let dynamic = Body::default()
        .set("for_each", code(&format!("{own} ? [] : [split(\":\", {image})]")))
        .gap()
        .block("content", &[], content);
    Body::default().set("source_image_id", code(&format!("{own} ? {image} : null"))).gap().block(
        "dynamic",
        &["source_image_reference"],
        dynamic,
    )
}

/// The disk with the system on it.
pub(super) fn system_disk(service: &ServicePart) -> Body {
    let disk = service.root_volume.as_ref();
    let stated = disk.map_or(0, |disk| gib(disk.size_mib));
    let size = stated.max(LEAST_DISK);
    let own = Body::default()
        .set("caching", "ReadWrite")
        .set_some("storage_account_type", disk.and_then(disk_kind));
    let own = if size == stated {
        own
    } else {
        own.comment(&format!("The plan has {stated} GiB, which cost as much as {size}."))
    };
    let own = own.set("disk_size_gb", size);
    Body::default().gap().block("os_disk", &[], own)
}

/// Who may log in: whoever has the key, and no password.
pub(super) fn login() -> (Body, Body) {
    let names =
        Body::default().set("admin_username", USER).set("disable_password_authentication", true);
    let key = Body::default().set("username", USER).set("public_key", code(&format!("var.{KEY}")));
    (names, Body::default().gap().block("admin_ssh_key", &[], key))
}
