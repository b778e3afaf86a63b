//! What a mail server said, in sentences for people, and a message as it goes over the line.

use lettre::transport::smtp::response::{Response, Severity};

use super::wire::Cut;
use super::{Stage, Trouble};
use crate::kernel::text;

/// The reply, if its number begins with this digit.
pub(super) fn accepted(place: &str, stage: Stage, reply: Response, kind: u16) -> Result<Response, Trouble> {
    let code = number(&reply);
    if code / 100 == kind {
        return Ok(reply);
    }
    let said = said(&reply);
    let sentence = match stage {
        Stage::Opening => format!("{place} is not ready to take letters. It said: {said}"),
        Stage::SignIn => format!("{place} did not take the user name and the password. It said: {said}"),
        Stage::Sender => format!("{place} did not take the sender\u{2019}s address. It said: {said}"),
        Stage::Receiver => format!("{place} did not take the receiver\u{2019}s address. It said: {said}"),
        Stage::Content => format!("{place} did not take the letter. It said: {said}"),
    };
    Err(Trouble { stage, code: Some(code), status: finer(&reply), sentence, stopped: false })
}

fn number(reply: &Response) -> u16 {
    let code = reply.code();
    let severity = match code.severity {
        Severity::PositiveCompletion => 200,
        Severity::PositiveIntermediate => 300,
        Severity::TransientNegativeCompletion => 400,
        Severity::PermanentNegativeCompletion => 500,
    };
    severity + u16::from(code) % 100
}

/// The finer number at the beginning of the reply's text (RFC 3463), if there is one.
fn finer(reply: &Response) -> String {
    let word = reply.first_word().unwrap_or_default();
    let parts: Vec<&str> = word.split('.').collect();
    let numbers = parts.iter().all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    if parts.len() == 3 && numbers { word.to_owned() } else { String::new() }
}

/// What a server said, as much of it as a person wants to read.
pub(super) fn said(reply: &Response) -> String {
    let words = reply.message().collect::<Vec<_>>().join(" ");
    let words = text::shown(&words, 300);
    format!("\u{201c}{} {}\u{201d}", number(reply), words.trim()).replace(" \u{201d}", "\u{201d}")
}

pub(super) fn broken(place: &str, stage: Stage, cut: &Cut) -> Trouble {
    let what = match (cut, stage) {
        (Cut::Closed | Cut::Late | Cut::Stopped, Stage::Content) => {
            "did not say whether it took the letter, so the letter will be sent once more under the same number".to_owned()
        }
        (Cut::Closed, _) => "hung up in the middle of the conversation".to_owned(),
        (Cut::Late, _) => "did not answer in time".to_owned(),
        (Cut::Stopped, _) => "was not waited for, since the portal stopped".to_owned(),
        (Cut::NotSmtp, _) => "does not answer as a mail server does".to_owned(),
        (Cut::OutOfStep, _) => "said more than it was asked, as if somebody else spoke for it".to_owned(),
        (Cut::NoTls, _) => "did not go on with TLS, though it was asked to".to_owned(),
        (Cut::NoAddress(words), _) => words.clone(),
        (Cut::Tls(words), _) => format!("was not trusted: {words}"),
        (Cut::Other(words), _) => format!("cannot be reached: {words}"),
    };
    let sentence = format!("{place} {what}.");
    Trouble { stage, code: None, status: String::new(), sentence, stopped: *cut == Cut::Stopped }
}

/// A message as DATA carries it: every line ended in full, a dot before a leading dot, and the dot that ends it all.
pub(super) fn on_the_wire(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 64);
    let message = message.strip_suffix(b"\n").unwrap_or(message);
    for line in message.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        for piece in line.split(|byte| *byte == b'\r') {
            if piece.first() == Some(&b'.') {
                out.push(b'.');
            }
            out.extend(piece);
            out.extend(b"\r\n");
        }
    }
    out.extend(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::on_the_wire;

    #[test]
    fn no_line_of_a_message_can_end_it() {
        let sent = |message: &str| String::from_utf8(on_the_wire(message.as_bytes())).unwrap_or_default();
        assert_eq!(sent("a\r\n.\r\nb"), "a\r\n..\r\nb\r\n.\r\n");
        assert_eq!(sent("a\n.\nb\r\n"), "a\r\n..\r\nb\r\n.\r\n");
        assert_eq!(sent("a\r.\rb"), "a\r\n..\r\nb\r\n.\r\n");
        assert_eq!(sent(".\r\n"), "..\r\n.\r\n");
    }
}
