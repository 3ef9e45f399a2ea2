//! How a digest is written wherever one stands in a document.

use std::fmt::Write;

/// `sha256:` and the bytes in hexadecimal.
pub fn sha256_text(digest: &[u8]) -> String {
    let mut text = String::from("sha256:");
    for byte in digest {
        write!(text, "{byte:02x}").expect("a string takes whatever is written to it");
    }
    text
}
