//! A QR code as a drawing made on the server: the only home of `qrcodegen`.

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::kernel::error::{Error, Result};

/// So many modules around it have to stay empty.
const QUIET: i32 = 4;

/// The text as a QR code, dark on light in every theme; `label` says what it is to those who do not see it.
pub fn code(text: &str, label: &str) -> Result<Markup> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| Error::internal("a text is too long for a QR code"))?;
    let (edge, whole) = (-QUIET, code.size() + 2 * QUIET);
    Ok(html! {
        svg.qr viewBox={ (edge) " " (edge) " " (whole) " " (whole) } role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect x=(edge) y=(edge) width=(whole) height=(whole) {}
            path d=(dark(&code)) {}
        }
    })
}

/// Every dark run of a row as a rectangle.
fn dark(code: &QrCode) -> String {
    let mut path = Vec::new();
    for y in 0..code.size() {
        let mut from = None;
        for x in 0..=code.size() {
            match (from, code.get_module(x, y)) {
                (None, true) => from = Some(x),
                (Some(start), false) => {
                    let width = x - start;
                    path.push(format!("M{start} {y}h{width}v1h-{width}z"));
                    from = None;
                }
                _ => {}
            }
        }
    }
    path.concat()
}
