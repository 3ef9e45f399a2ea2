//! The terminal: what it can show, the line of progress, and where results go.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reports::terminal::Style;

use crate::failure::Failure;

/// What standard output can show: colour and signs on a terminal that wants them.
pub(crate) fn style_of_stdout() -> Style {
    style(io::stdout().is_terminal())
}

/// What standard error can show.
pub(crate) fn style_of_stderr() -> Style {
    style(io::stderr().is_terminal())
}

fn style(terminal: bool) -> Style {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let rich = terminal && !dumb;
    Style { colour: rich && !set("NO_COLOR"), unicode: rich && !set("NO_COLOR") }
}

/// Writes a result to standard output. A reader that has gone away is no fault of ours.
///
/// # Errors
/// When the result could not be written: a full disk, a device that takes nothing.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    unless_gone(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// What became of writing to standard output, which a reader may close when it has seen enough.
///
/// # Errors
/// Every other reason for which nothing was written.
pub(crate) fn unless_gone(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Print { cause }),
        _ => Ok(()),
    }
}

/// Writes a diagnostic to standard error.
pub(crate) fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// One line on standard error that is replaced in place and vanishes; nothing where there is no
/// terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(crate) fn start(quiet: bool) -> Self {
        let target =
            if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{msg} · {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    pub(crate) fn say(&self, message: &str) {
        self.bar.set_message(message.to_owned());
    }
}

/// How far a simulation has come, after what is being done.
pub(crate) fn simulated(what: &str, seen: &simulator::Progress<'_>) -> String {
    let latency = seen.latency_p95.map_or_else(String::new, |p95| {
        let half = (p95.high - p95.low) / 2.0 * 1e3;
        format!(" · p95 {:.0} ms ± {half:.1}", p95.value * 1e3)
    });
    let millions = seen.requests as f64 / 1e6;
    format!("{what} · {} · {millions:.1} M requests{latency}", seen.scenario)
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
