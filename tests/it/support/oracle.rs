//! What must be true of every head, whoever sent it. The fuzz target asks the same.

use std::net::{IpAddr, Ipv4Addr};

use portico::gate::limits::{FIELDS, HEAD, TARGET};
use portico::gate::reader::{self, CLIENT_FIELD, PASS_FIELD};
use portico::gate::tray::TRAY_FIELD;

const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const PASS: &str = "the pass of this start";
/// The number of its tray.
const TRAY: u64 = 7;

/// Reads the bytes as the gate would, and looks at what it would pass on. Whether they pass.
pub fn check(bytes: &[u8]) -> bool {
    let whole = reader::end_of_head(bytes, 0);
    check_pieces(bytes, whole.is_ok());
    let Ok(Some(end)) = whole else { return false };
    assert!(end <= HEAD && bytes[..end].ends_with(b"\r\n\r\n"));
    assert_eq!(reader::end_of_head(&bytes[..end], 0), Ok(Some(end)), "what follows plays no part");
    let hosts = ["portal.example".to_owned(), "127.0.0.1:8090".to_owned()];
    let Ok(head) = reader::read(&bytes[..end], &hosts) else { return false };
    check_original(&bytes[..end], head.length);
    assert!(head.target.starts_with('/') && head.target.len() <= TARGET && head.target.bytes().all(|byte| byte.is_ascii_graphic()));
    let named = head.client(PROXY, Some(PROXY));
    assert_eq!(named, named.to_canonical());
    assert_eq!(head.client(CLIENT, Some(PROXY)), CLIENT);
    check_rebuilt(&head.rebuilt(CLIENT, Some(PASS), TRAY), &head, &hosts);
    true
}

/// It is the same whether the bytes come at once or in pieces.
fn check_pieces(bytes: &[u8], passes: bool) {
    let (mut seen, mut have) = (0, 0);
    let step = 1 + bytes.len() / 7;
    while have < bytes.len() {
        have = (have + step).min(bytes.len());
        match reader::end_of_head(&bytes[..have], seen) {
            Ok(None) => seen = have,
            Ok(Some(end)) => {
                assert_eq!(reader::end_of_head(bytes, 0), Ok(Some(end)));
                return;
            }
            Err(_) => {
                assert!(!passes || bytes.len() > HEAD, "a piece is refused, the whole is not");
                return;
            }
        }
    }
    assert_eq!(reader::end_of_head(bytes, 0), Ok(None));
}

/// Read line by line, the original says the same and nothing else.
fn check_original(head: &[u8], length: usize) {
    let text: String = head.iter().map(|byte| char::from(*byte)).collect();
    assert!(text.chars().all(|sign| !sign.is_ascii_control() || matches!(sign, '\r' | '\n' | '\t')));
    let mut lines = text.strip_suffix("\r\n\r\n").expect("an end").split("\r\n");
    assert_eq!(lines.next().expect("a line").split(' ').count(), 3);
    let mut lengths = Vec::new();
    let mut hosts = 0;
    let mut count = 0;
    for line in lines {
        count += 1;
        let (name, value) = line.split_once(':').expect("a field");
        assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()), "{name:?}");
        assert!(!name.eq_ignore_ascii_case("transfer-encoding"));
        hosts += usize::from(name.eq_ignore_ascii_case("host"));
        if name.eq_ignore_ascii_case("content-length") {
            lengths.push(value.trim_matches([' ', '\t']).to_owned());
        }
    }
    assert!(hosts == 1 && count <= FIELDS);
    match lengths.as_slice() {
        [] => assert_eq!(length, 0),
        [one] => {
            assert!(one.bytes().all(|byte| byte.is_ascii_digit()), "{one:?}");
            assert_eq!(one.trim_start_matches('0').parse().unwrap_or(0_usize), length);
        }
        _ => panic!("several lengths"),
    }
}

/// What goes on can be read in one way only.
fn check_rebuilt(rebuilt: &[u8], head: &reader::Head<'_>, hosts: &[String]) {
    assert!(rebuilt.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\r' | b'\n')));
    let mut room = [httparse::EMPTY_HEADER; FIELDS + 4];
    let mut request = httparse::Request::new(&mut room);
    assert_eq!(request.parse(rebuilt), Ok(httparse::Status::Complete(rebuilt.len())));
    assert_eq!((request.path, request.version), (Some(head.target), Some(1)));
    let newlines = rebuilt.iter().filter(|byte| **byte == b'\n').count();
    let returns = rebuilt.iter().filter(|byte| **byte == b'\r').count();
    assert_eq!((newlines, returns), (request.headers.len() + 2, request.headers.len() + 2));
    let values = |name: &str| -> Vec<String> {
        let found = request.headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
        found.map(|field| String::from_utf8(field.value.to_vec()).expect("text")).collect()
    };
    assert_eq!(values(CLIENT_FIELD), [CLIENT.to_string()]);
    assert_eq!(values(PASS_FIELD), [PASS]);
    assert_eq!(values(TRAY_FIELD), [TRAY.to_string()]);
    let host = values("host");
    assert!(host.len() == 1 && hosts.iter().any(|known| known.eq_ignore_ascii_case(&host[0])));
    let lengths: Vec<String> = (head.length > 0).then(|| head.length.to_string()).into_iter().collect();
    assert_eq!(values("content-length"), lengths);
    for name in ["connection", "transfer-encoding", "te", "trailer", "upgrade", "keep-alive", "expect", "forwarded", "proxy-connection"] {
        assert!(values(name).is_empty(), "{name} goes on");
    }
    assert!(!request.headers.iter().any(|field| field.name.to_ascii_lowercase().starts_with("x-forwarded-")));
}
