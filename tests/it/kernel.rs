//! The bottom floor: values that everything above trusts.

use portico::kernel::csv::Csv;
use portico::kernel::error::Error;
use portico::kernel::ids::OrganizationId;
use portico::kernel::money::{CURRENCIES, Currency};
use portico::kernel::month::Month;
use portico::kernel::random::Tokens;
use portico::kernel::secret::{Hasher, PasswordCost, Vault};
use portico::kernel::text::{self, Email, FirmName};
use portico::kernel::time::{Span, Timestamp, Zone};
use portico::kernel::{countries, http::Response};

/// ORG-4: names compare without case, surrounding space and look-alike forms.
#[test]
fn names_compare_without_case_space_and_invisible_characters() {
    let twins = [
        "ÄRZTE  Gmbh",
        " ärzte gmbh ",
        "A\u{308}rzte GmbH",
        "Ärzte\u{200b} GmbH",
        "Ärzte\u{a0}GmbH",
        "A\u{200b}\u{308}rzte GmbH",
        "Ärzte\u{e0041} GmbH\u{fe0f}",
        "Ärzte\u{3164} GmbH",
    ];
    for twin in twins {
        assert_eq!(text::key(twin), text::key("Ärzte GmbH"), "{twin:?}");
    }
    assert_ne!(text::key("Ärzte GmbH"), text::key("Arzte GmbH"));
    assert_eq!(text::key("STRASSE"), text::key("straße"));
    assert_eq!(text::key("  Alder \t DENTAL "), text::key("Ａlder\u{2003}dental"));
}

/// ORG-4
#[test]
fn a_firm_has_a_name_of_one_to_120_characters_on_one_line() {
    assert_eq!(FirmName::parse(&"ä".repeat(120)).map(|name| name.as_str().chars().count()), Ok(120));
    assert!(FirmName::parse(&"ä".repeat(121)).is_err());
    for empty in ["", "   ", "\u{200b}", "\u{feff} \u{200f}", "\u{3164}", "\u{2800}", "\u{e0041}", "\u{34f}"] {
        assert!(FirmName::parse(empty).is_err(), "{empty:?}");
    }
    for hostile in ["a\0b", "a\nb", "a\tb", "a\u{202e}b", "a\u{2066}b", "a\u{e100}b", "a\u{85}b", "a\u{2028}b", "a\u{100000}b"] {
        assert!(FirmName::parse(hostile).is_err(), "{hostile:?}");
    }
    for faithful in ["=cmd()", "<script>alert(1)</script>", "שלום בע\"מ", "株式会社", "O'Neill & Söhne"] {
        assert_eq!(FirmName::parse(faithful).map(|name| name.as_str().to_owned()), Ok(faithful.to_owned()));
    }
}

/// ACC-11
#[test]
fn an_e_mail_is_an_address_and_compares_without_case() {
    assert_eq!(Email::parse(" Jo@Example.com ").map(|email| email.key()), Ok("jo@example.com".to_owned()));
    for good in ["jo.doe+x@example.co.uk", "jo@newclient.example", "ä@exämple.com"] {
        assert!(Email::parse(good).is_ok(), "{good}");
    }
    for bad in
        ["", "jo", "jo@", "@example.com", "jo doe@example.com", "Jo <jo@example.com>", "a@b@c.d", "jo@exa\u{200b}mple.com", "a,b@c.de"]
    {
        assert!(Email::parse(bad).is_err(), "{bad:?}");
    }
    assert!(Email::parse(&format!("{}@example.com", "a".repeat(250))).is_err());
}

/// USR-1
#[test]
fn a_phone_number_takes_4_to_15_digits_and_nothing_else() {
    assert_eq!(text::phone(""), Ok(None));
    assert!(text::phone("1234").is_ok() && text::phone("123456789012345").is_ok());
    for bad in ["123", "1234567890123456", "+4912345", "12 34 56", "１２３４５", "12-3456"] {
        assert!(text::phone(bad).is_err(), "{bad}");
    }
    assert_eq!(countries::parse_dialling_code("+49"), Ok(Some("49".to_owned())));
    assert!(countries::parse_dialling_code("999").is_err());
}

/// ACC-1, ACC-2
#[test]
fn a_password_has_12_to_128_characters_and_is_not_a_common_one() {
    let password = |raw: &str| text::password(raw, "Jo.Doe@example.com", text::PASSWORD_LEAST);
    assert!(password("vier Worte!!").is_ok());
    assert_eq!(password("vier Worte!"), Err("Use at least 12 characters.".to_owned()));
    let long: String = "vier Worte! ".repeat(11).chars().take(128).collect();
    assert!(password(&long).is_ok());
    assert_eq!(password(&format!("{long}x")), Err("Use at most 128 characters.".to_owned()));
    assert!(text::password("vier Worte!!", "", 13).is_err());
    assert!(text::password("vier Worte!!!", "", 13).is_ok());
}

/// SEC-3: what is tried first is refused, however it is dressed up; what only holds such a word is not.
#[test]
fn a_common_password_is_refused_in_every_dress() {
    let password = |raw: &str| text::password(raw, "Jo.Doe@example.com", text::PASSWORD_LEAST);
    let common = [
        "password1234",
        "PASSWORD1234",
        "P@ssw0rd2026",
        "$unshine2026",
        "Summer2026!!",
        "!!Liverpool!!",
        "manchesterunited",
        "1q2w3e4r5t6y",
        "qwertyuiop[]",
        "dragondragon",
        "Dragon1Dragon1",
        "aaaaaaaaaaaaaaa",
        "ababababababab",
        "x7!x7!x7!x7!",
        "abcdefghijkl",
        "098765432109",
        "123456789012",
        "jo.doe@example.com",
        "jo.doe202612",
    ];
    for common in common {
        assert!(password(common).is_err_and(|sentence| sentence.contains("among the first that are tried")), "{common}");
    }
    for fine in [
        "dragon eats four figs",
        "summer of 69 lanterns",
        "Tr0ub4dor and 3 more",
        "839201748362",
        "summer839201748362",
        "PASSWORD",
        "é".repeat(3).as_str(),
    ] {
        let enough = fine.chars().count() >= 12;
        assert_eq!(password(fine).is_ok(), enough, "{fine}");
    }
}

/// ALL-2
#[test]
fn no_cell_of_an_export_starts_a_formula() {
    let mut csv = Csv::new(&["name"]);
    for cell in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "plain", "a,b", "quo\"te", "two\nlines"] {
        csv.row([cell]);
    }
    let file = String::from_utf8(csv.into_bytes()).unwrap();
    let expected = "name\r\n'=1+1\r\n'+1\r\n'-1\r\n'@x\r\n'\tx\r\n\"'\rx\"\r\nplain\r\n\"a,b\"\r\n\"quo\"\"te\"\r\n\"two\nlines\"\r\n";
    assert_eq!(file, expected);
}

/// ALL-2: where a comma is the decimal sign a spreadsheet splits lines at semicolons, in the midst of a cell.
#[test]
fn no_formula_starts_behind_a_semicolon_or_in_wide_signs() {
    let mut csv = Csv::new(&["name"]);
    let cells = ["a;=1+1;b", "a; +1", "a\n-1", " =1", "\u{ff1d}1", "\u{ff20}x", "a;b=1", "1-2", "a - b", "Ö; x"];
    for cell in cells {
        csv.row([cell]);
    }
    let file = String::from_utf8(csv.into_bytes()).unwrap();
    let expected = ["name", "a;'=1+1;b", "a; '+1", "\"a\n'-1\"", " '=1", "'\u{ff1d}1", "'\u{ff20}x", "a;b=1", "1-2", "a - b", "Ö; x", ""];
    assert_eq!(file, expected.join("\r\n"));
}

/// ALL-6
#[test]
fn times_are_utc_inside_and_show_the_offset_of_the_viewers_zone() {
    let moment = Timestamp::from_rfc3339("2026-11-22T00:42:53+00:00").unwrap();
    assert_eq!(moment.iso(), "2026-11-22T00:42:53Z");
    assert_eq!(Zone::utc().exact(moment), "22 Nov 2026, 00:42:53 (UTC)");
    assert_eq!(Zone::named("Europe/Berlin").unwrap().exact(moment), "22 Nov 2026, 01:42:53 (UTC+01:00)");
    assert!(Zone::named("Mars/Olympus").is_none());
    assert!(Zone::names().iter().any(|name| name == "Asia/Kathmandu"));
    assert_eq!(moment.relative(moment + Span::minutes(12)), "12 minutes ago");
    assert_eq!((moment + Span::days(6)).relative(moment), "in 6 days");
    // What is yet to come did not happen just now.
    for (left, words) in
        [(-1, "in less than a minute"), (0, "in less than a minute"), (59_999, "in less than a minute"), (60_000, "in 1 minute")]
    {
        assert_eq!((moment + Span(left)).until(moment), words, "{left}");
    }
    assert_eq!(moment.relative(moment + Span(59_999)), "just now");
    assert_eq!(moment.utc_day(), Timestamp::of_utc_day(moment.utc_day()).utc_day());
    assert_eq!(Timestamp(-1).utc_day(), -1);
}

/// ORG-5
#[test]
fn an_organizations_id_reads_as_six_and_two_digits() {
    assert_eq!(OrganizationId(12_345_678).shown(), "123456-78");
    assert_eq!("12345678".parse::<OrganizationId>().ok(), Some(OrganizationId(12_345_678)));
    for no_id in ["", "0", "01", "-1", "+1", "1 ", "1a", "99999999999999999999", "１"] {
        assert!(matches!(no_id.parse::<OrganizationId>(), Err(Error::NotFound)), "{no_id:?}");
    }
}

/// ACC-1
#[test]
fn a_password_hash_knows_its_password_alone() {
    let hasher = Hasher::start(PasswordCost::Tests).unwrap();
    let stored = hasher.hash("four unrelated words", Tokens).unwrap();
    assert!(stored.starts_with("$argon2id$v=19$"));
    assert!(hasher.verify("four unrelated words", Some(&stored)).unwrap());
    assert!(!hasher.verify("four unrelated word", Some(&stored)).unwrap());
    assert!(!hasher.verify("four unrelated words", None).unwrap());
    assert_ne!(stored, hasher.hash("four unrelated words", Tokens).unwrap());
}

/// MAI-3
#[test]
fn a_sealed_secret_opens_only_with_its_key_purpose_and_context() {
    let vault = Vault::new([7; 32]);
    let sealed = vault.seal("letter link", b"1", b"secret", Tokens).unwrap();
    assert_eq!(vault.open("letter link", b"1", &sealed).as_deref(), Some(b"secret".as_slice()));
    assert_eq!(vault.open("letter link", b"2", &sealed), None);
    assert_eq!(vault.open("other", b"1", &sealed), None);
    assert_eq!(Vault::new([8; 32]).open("letter link", b"1", &sealed), None);
    assert_eq!(vault.open("letter link", b"1", &sealed[..20]), None);
}

/// ALL-1
#[test]
fn a_header_never_leaves_its_line() {
    for hostile in ["/a\r\nSet-Cookie: x=1", "/a\nb", "/a\0b"] {
        assert!(Response::see_other(hostile).is_err(), "{hostile:?}");
    }
    assert!(Response::see_other("/organizations").is_ok());
}

#[test]
fn a_month_is_read_shown_and_counted_on() {
    let december = Month::parse("2026-12").expect("a month");
    assert_eq!((december, december.iso().as_str(), december.shown().as_str()), (Month(24_323), "2026-12", "December 2026"));
    assert_eq!(december.plus(1).shown(), "January 2027");
    for wrong in ["2026-13", "2026-00", "2026-1", "26-12", "2026-12-01", "+026-12", "", "0000-01"] {
        assert_eq!(Month::parse(wrong), None, "{wrong}");
    }
    let first = december.begins();
    assert_eq!(first.iso(), "2026-12-01T00:00:00Z");
    assert_eq!((Month::of(first), Month::of(Timestamp(first.0 - 1))), (december, december.plus(-1)));
}

#[test]
fn an_amount_is_read_and_shown_without_losing_a_cent() {
    let (euro, yen) = (Currency::named("EUR").expect("the euro"), Currency::named("JPY").expect("the yen"));
    for (typed, amount) in [("3", 300), ("3.5", 350), (" 3,50 ", 350), ("0", 0), ("0.01", 1), ("10000000", 1_000_000_000)] {
        assert_eq!(euro.parse(typed), Ok(amount), "{typed}");
    }
    for wrong in ["", "x", "3.505", "1,234.00", "-3", "3 000", "+3", "10000000.01", "99999999999999999999", ".5", "٣"] {
        assert!(euro.parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!((yen.parse("350"), yen.parse("3.5").is_err()), (Ok(350), true));
    assert_eq!((euro.shown(123_450), euro.plain(123_450), euro.shown(-5)), ("1,234.50 EUR".into(), "1234.50".into(), "-0.05 EUR".into()));
    assert_eq!(yen.shown(1_234), "1,234 JPY");
    assert!(Currency::named("eur").is_none());
    assert!(CURRENCIES.windows(2).all(|pair| pair[0].code < pair[1].code));
}

/// ALL-6, SUB-3: what is left is never told as more days than there are; what was given a moment ago is whole.
#[test]
fn what_is_left_is_told_alike_everywhere() {
    for (span, words) in [
        (Span::days(7), "7 days"),
        (Span(Span::days(7).0 - 1), "7 days"),
        (Span(Span::days(3).0 - Span::minutes(59).0), "3 days"),
        (Span(Span::days(3).0 - Span::hours(1).0 - 1_000), "2 days"),
        (Span(Span::days(2).0 + Span::hours(3).0), "2 days"),
        (Span::days(2), "2 days"),
        (Span(Span::days(2).0 - 1_000), "48 hours"),
        (Span(Span::days(1).0 + 1_000), "25 hours"),
        (Span::days(1), "1 day"),
        (Span::hours(23), "23 hours"),
        (Span::seconds(30), "30 seconds"),
    ] {
        assert_eq!(span.left(), words, "{span:?}");
    }
}
