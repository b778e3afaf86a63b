//! The import law and its neighbours, read from the source itself. ARCHITECTURE.md explains the table; nothing is exempt.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::portal::{Portal, tables};
use crate::support::source::{Source, root, sources};

/// How high a file stands in its slice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Floor {
    Model,
    Store,
    Letters,
    Actions,
    Views,
    Pages,
}

/// Where a path of ours leads, or a file stands.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Place {
    /// A file of the kernel, by its place in `kernel/mod.rs`.
    Kernel(usize),
    /// One of the kernel's few that the gate may use.
    Wire(usize),
    /// The kernel's macros and nothing else.
    Macro,
    Page,
    App,
    Gate,
    Slice {
        order: usize,
        name: String,
        floor: Option<Floor>,
    },
}

/// The floor of a file's name: its last word, so that a slice may have `list_pages.rs` beside `pages.rs`.
fn floor(name: &str) -> Option<Floor> {
    match name.rsplit('_').next().unwrap_or_default() {
        // `texts` are words as data: as pure as a model.
        "model" | "texts" => Some(Floor::Model),
        "store" => Some(Floor::Store),
        "letters" => Some(Floor::Letters),
        "actions" => Some(Floor::Actions),
        "views" => Some(Floor::Views),
        "pages" | "api" => Some(Floor::Pages),
        _ => None,
    }
}

fn modules(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(path)).expect("a module list");
    text.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';')).map(ToOwned::to_owned).collect()
}

struct Tree {
    slices: Vec<String>,
    kernel: Vec<String>,
}

impl Tree {
    fn read() -> Self {
        let not_slices = ["kernel", "page", "app", "gate"];
        let slices = modules("src/lib.rs").into_iter().filter(|name| !not_slices.contains(&name.as_str())).collect();
        Self { slices, kernel: modules("src/kernel/mod.rs") }
    }

    fn place(&self, path: &[String]) -> Option<Place> {
        let first = path.first()?.as_str();
        match first {
            "kernel" => {
                let file = path.get(1)?;
                let order = self.kernel.iter().position(|name| name == file)?;
                Some(if ["time", "http"].contains(&file.as_str()) { Place::Wire(order) } else { Place::Kernel(order) })
            }
            "text_enum" | "id" | "in_sight" | "devices_named" | "not_over" | "sees_further" | "letter_in_sight" => Some(Place::Macro),
            "page" => Some(Place::Page),
            "app" => Some(Place::App),
            "gate" => Some(Place::Gate),
            name => {
                let order = self.slices.iter().position(|slice| slice == name)?;
                Some(Place::Slice { order, name: name.to_owned(), floor: path.get(1).and_then(|file| floor(file)) })
            }
        }
    }
}

/// The table of ARCHITECTURE.md, "Who may import whom".
fn may_import(from: &Place, to: &Place) -> bool {
    match (from, to) {
        (_, Place::Macro) | (Place::App, _) | (Place::Gate, Place::Gate | Place::Wire(_)) => true,
        (Place::Page | Place::Slice { .. }, Place::Kernel(_) | Place::Wire(_)) => true,
        (Place::Kernel(here) | Place::Wire(here), Place::Kernel(there) | Place::Wire(there)) => there <= here,
        (Place::Kernel(_) | Place::Wire(_) | Place::Gate | Place::Macro, _) | (Place::Slice { .. }, Place::App | Place::Gate) => false,
        (Place::Page, Place::Slice { name, floor, .. }) => name == "access" && matches!(floor, Some(Floor::Model | Floor::Store)),
        (Place::Page, to) => *to == Place::Page,
        (Place::Slice { floor, .. }, Place::Page) => *floor == Some(Floor::Pages),
        (Place::Slice { order, name, floor }, Place::Slice { order: other_order, name: other, floor: to }) => {
            // A bare `use crate::mail;` names no floor; the paths that begin with it are looked at by themselves.
            let (Some(here), Some(there)) = (floor, to) else { return to.is_none() };
            let (home, earlier) = (name == other, other_order < order);
            match here {
                Floor::Model => *there == Floor::Model && (home || earlier),
                Floor::Store => *there == Floor::Model || (home && *there == Floor::Store),
                Floor::Letters => *there == Floor::Model || (home && *there == Floor::Letters),
                Floor::Actions => match there {
                    Floor::Model | Floor::Letters | Floor::Store => true,
                    Floor::Actions => home || earlier,
                    Floor::Views | Floor::Pages => false,
                },
                Floor::Views => *there == Floor::Model || (home && *there == Floor::Views),
                Floor::Pages => home || *there != Floor::Pages,
            }
        }
    }
}

#[test]
fn an_import_goes_down_or_stays_home() {
    let tree = Tree::read();
    let mut broken = Vec::new();
    for source in sources("src") {
        let module = source.module();
        if module.is_empty() || module == ["main"] || module.len() == 1 && tree.slices.contains(&module[0]) || module == ["kernel"] {
            continue;
        }
        let Some(from) = tree.place(&module) else {
            broken.push(format!("{} is in no slice of lib.rs", source.path));
            continue;
        };
        if matches!(&from, Place::Slice { floor: None, .. }) {
            broken.push(format!("{} has no floor: name it …model, store, letters, actions, views, pages or api", source.path));
            continue;
        }
        for path in source.paths() {
            // A glob would bring in names whose floor nobody sees.
            if path.last().is_some_and(|last| last == "*") {
                broken.push(format!("{} imports all of {}", source.path, path.join("::")));
                continue;
            }
            // Paths inside `mod tests` begin at the file itself and lead to one of its own names.
            let Some(to) = tree.place(&path) else { continue };
            if path.starts_with(&module) || may_import(&from, &to) {
                continue;
            }
            broken.push(format!("{} imports {}", source.path, path.join("::")));
        }
    }
    assert!(broken.is_empty(), "imports go down or stay home:\n{}", broken.join("\n"));
}

#[test]
fn the_law_can_be_broken() {
    let slice = |order, name: &str, floor| Place::Slice { order, name: name.to_owned(), floor: Some(floor) };
    assert!(may_import(&slice(3, "users", Floor::Actions), &slice(9, "mail", Floor::Store)));
    assert!(!may_import(&slice(3, "users", Floor::Actions), &slice(9, "saas", Floor::Actions)));
    assert!(!may_import(&slice(3, "users", Floor::Store), &slice(2, "mail", Floor::Store)));
    assert!(!may_import(&slice(3, "users", Floor::Pages), &slice(2, "mail", Floor::Pages)));
    assert!(!may_import(&slice(3, "users", Floor::Views), &Place::Page));
    assert!(!may_import(&Place::Page, &slice(1, "accounts", Floor::Store)));
    assert!(!may_import(&Place::Kernel(2), &Place::Kernel(3)));
    assert!(may_import(&Place::Gate, &Place::Wire(3)));
    assert!(!may_import(&Place::Gate, &Place::Kernel(3)));
    assert!(!may_import(&Place::Gate, &Place::App));
    assert!(!may_import(&Place::Page, &Place::Gate));
}

#[test]
fn a_module_list_holds_docs_and_modules_only() {
    for source in sources("src").iter().filter(|source| source.path.ends_with("mod.rs") && !source.path.starts_with("app/")) {
        for line in source.code.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let allowed = line.starts_with("pub mod ") || line.starts_with("#[") || line.starts_with("#![");
            assert!(allowed, "{} says more than its modules: {line}", source.path);
        }
    }
}

/// Strings that are SQL, by their words.
fn is_sql(text: &str) -> bool {
    let text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let has = |word: &str| text.contains(word);
    (has("select ") && has(" from "))
        || has("insert into ")
        || has("delete from ")
        || (has("update ") && has(" set "))
        || text.starts_with("pragma ")
}

#[test]
fn sql_is_written_in_stores_and_nowhere_else() {
    for source in sources("src") {
        let file = source.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        if floor(file) == Some(Floor::Store) || source.path.contains("/store/") || source.path.starts_with("kernel/db") {
            continue;
        }
        let sql = source.strings.iter().find(|text| is_sql(text));
        assert!(sql.is_none(), "{} speaks SQL: {sql:?}", source.path);
    }
}

/// Which slice writes a table. A new table fails the tests below until it stands here.
const OWNERS: &[(&str, &str)] = &[
    ("access_group", "groups"),
    ("access_group_member", "groups"),
    ("access_group_organization", "groups"),
    ("account", "accounts"),
    ("activity", "activity"),
    ("alert_raised", "alerts"),
    ("alert_round", "alerts"),
    ("alert_rule", "alerts"),
    ("api_key", "keys"),
    ("asset", "devices"),
    ("asset_backup", "devices"),
    ("backup_day", "backups"),
    ("branding", "branding"),
    ("branding_file", "branding"),
    ("chain_check", "activity"),
    ("device", "devices"),
    ("device_alert", "devices"),
    ("vm_restore", "devices"),
    ("import_device_part", "imports"),
    ("device_task", "tasks"),
    ("offsite_audit", "audits"),
    ("digest", "notifications"),
    ("employee", "employees"),
    ("endpoint_agent", "endpoints"),
    ("endpoint_backup", "endpoints"),
    ("endpoint_dataset", "endpoints"),
    ("file_restore", "restores"),
    ("form_answer", "access"),
    ("held_email", "accounts"),
    ("identity", "accounts"),
    ("import", "imports"),
    ("import_account", "imports"),
    ("import_application", "imports"),
    ("import_asset", "imports"),
    ("import_asset_list", "imports"),
    ("import_day", "imports"),
    ("import_device", "imports"),
    ("import_file", "imports"),
    ("import_moving", "imports"),
    ("import_endpoint_agent", "imports"),
    ("import_endpoint_asset", "imports"),
    ("import_network", "imports"),
    ("import_organization", "imports"),
    ("import_problem", "imports"),
    ("import_seat", "imports"),
    ("import_seat_list", "imports"),
    ("import_user", "imports"),
    ("known_browser", "accounts"),
    ("letter", "mail"),
    ("mail_setting", "mail"),
    ("mail_status", "mail"),
    ("link", "accounts"),
    ("other_product_address", "addresses"),
    ("import_other_product", "imports"),
    ("network", "networks"),
    ("notification", "notifications"),
    ("organization", "organizations"),
    ("organization_count", "organizations"),
    ("organization_user_count", "organizations"),
    ("organization_listing", "organizations"),
    ("organization_usage", "organizations"),
    ("usage_sum", "organizations"),
    ("usage_month", "organizations"),
    ("statement", "statements"),
    ("billed_row", "statements"),
    ("billing_name", "statements"),
    ("organization_user", "users"),
    ("partner", "partners"),
    ("partner_ancestor", "partners"),
    ("receipt", "subscriptions"),
    ("receipt_account", "subscriptions"),
    ("recovery_code", "factors"),
    ("reset_request", "accounts"),
    ("saas_account", "saas"),
    ("saas_application", "backups"),
    ("saas_listing", "saas"),
    ("saas_tally", "saas"),
    ("saas_total", "saas"),
    ("seat", "seats"),
    ("second_factor", "factors"),
    ("security_setting", "security"),
    ("transfer", "transfers"),
    ("price_list", "subscriptions"),
    ("session", "access"),
    ("sign_in_failure", "access"),
    ("subscription", "subscriptions"),
    ("subscription_change", "subscriptions"),
    ("support_authorization", "users"),
    ("support_pin", "users"),
    ("upkeep", "upkeep"),
];

#[test]
fn every_table_has_an_owner() {
    let there: BTreeSet<String> = tables(&Portal::empty().connection()).into_iter().collect();
    let known: BTreeSet<String> = OWNERS.iter().map(|(table, _)| (*table).to_owned()).collect();
    assert_eq!(there, known, "left: the schema; right: OWNERS");
}

/// The tables that a statement writes.
fn written(sql: &str) -> Vec<String> {
    let words: Vec<String> = sql
        .to_lowercase()
        .split(|sign: char| !(sign.is_alphanumeric() || sign == '_'))
        .filter(|word| !word.is_empty() && *word != "n")
        .map(ToOwned::to_owned)
        .collect();
    let mut found = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let next = |step: usize| words.get(place + step).cloned().unwrap_or_default();
        match word.as_str() {
            "insert" | "replace" => {
                if let Some(into) = (1..4).find(|step| next(*step) == "into") {
                    found.push(next(into + 1));
                }
            }
            "delete" if next(1) == "from" => found.push(next(2)),
            // Not `do update set` of an upsert: it writes the table of its insert.
            "update" if next(1) != "set" && (next(2) == "set" || next(4) == "set") => found.push(next(1)),
            _ => {}
        }
    }
    found
}

#[test]
fn a_table_is_written_by_its_own_slice_only() {
    let owners: BTreeMap<&str, &str> = OWNERS.iter().copied().collect();
    assert_eq!(written("insert or ignore into seat (a) values (1) on conflict do update set a = 2"), ["seat"]);
    assert_eq!(written("with x as (select 1) update account set a = 1; delete from link where 1"), ["account", "link"]);
    for source in sources("src") {
        let slice = source.path.split('/').next().unwrap_or_default();
        for text in &source.strings {
            for table in written(text) {
                if let Some(owner) = owners.get(table.as_str()) {
                    assert_eq!(*owner, slice, "{} writes {table}: {text}", source.path);
                }
            }
        }
    }
}

/// A word of the code and the only files that may say it.
const HOMES: &[(&str, &[&str])] = &[
    ("tiny_http", &["app/server.rs"]),
    // The command line takes it from one to the other.
    ("TcpListener", &["app/server.rs", "app/cli.rs", "gate/door.rs", "gate/hall.rs"]),
    ("UnixListener", &["gate/hall.rs"]),
    ("argon2", &["kernel/secret.rs"]),
    ("rand", &["kernel/random.rs"]),
    ("SystemTime", &["kernel/time.rs"]),
    ("refinery", &["kernel/db/migrations.rs"]),
    ("rust_embed", &["kernel/assets.rs"]),
    ("rustls", &["app/certificates.rs", "app/healthcheck.rs", "gate/tls.rs", "kernel/smtp/wire.rs"]),
    ("rcgen", &["app/self_signed.rs"]),
    ("lettre", &["kernel/smtp.rs", "kernel/smtp/replies.rs", "kernel/smtp/wire.rs", "mail/letters.rs"]),
    ("multer", &["kernel/form.rs"]),
    ("totp_rs", &["kernel/totp.rs"]),
    ("qrcodegen", &["kernel/html/qr.rs"]),
];

fn words(code: &str) -> BTreeSet<&str> {
    code.split(|sign: char| !(sign.is_alphanumeric() || sign == '_')).collect()
}

#[test]
fn what_is_dangerous_has_one_home() {
    for source in sources("src") {
        let words = words(&source.code);
        for (word, homes) in HOMES {
            assert!(
                !words.contains(word) || homes.contains(&source.path.as_str()),
                "{} names {word}, whose home is {homes:?}",
                source.path
            );
        }
        // What is written straight into a page is not escaped by anybody else.
        let draws = words.contains("render_to") && !source.path.starts_with("kernel/html/");
        assert!(!draws || !words.contains("push_str"), "{} writes a page by hand", source.path);
        assert!(!words.contains("unsafe"), "{} is unsafe", source.path);
        // ALL-5: it opens no connection but to the mail server, and to itself where a supervisor asks; and it starts no program; what it is made of stands in modules, where the
        // law above sees it. The gate takes in and passes on what others open.
        for word in ["TcpStream", "UdpSocket", "UnixStream", "ToSocketAddrs", "include", "SmtpTransport"] {
            let sockets = source.path.starts_with("gate/") && ["TcpStream", "UnixStream"].contains(&word)
                || ["kernel/smtp/wire.rs", "app/healthcheck.rs"].contains(&source.path.as_str())
                    && ["TcpStream", "ToSocketAddrs"].contains(&word);
            assert!(sockets || !words.contains(word), "{} names {word}", source.path);
        }
        assert!(!source.code.contains("Command::new("), "{} starts a program", source.path);
        assert!(!source.code.contains("#[path"), "{} is put together from elsewhere", source.path);
        asks_only_the_portals_clock(&source);
    }
    let escapes: Vec<String> =
        sources("src").into_iter().filter(|source| words(&source.code).contains("PreEscaped")).map(|source| source.path).collect();
    assert!(escapes.len() <= 1, "PreEscaped has one home, not {escapes:?}");
}

/// ALL-6: the one `now()` of the machine is in `kernel/time.rs`; the command line, the gate, the line to the mail server, and copies that
/// rest and work in slices measure with `Instant`, which tells no time; no statement asks SQLite.
fn asks_only_the_portals_clock(source: &Source) {
    let own = source.path == "kernel/time.rs";
    let measures =
        ["app/", "gate/", "kernel/smtp", "kernel/db/copies.rs", "kernel/db/slices.rs"].iter().any(|place| source.path.starts_with(place));
    for (place, _) in source.code.match_indices("::now(") {
        let whose: String = source.code[..place].chars().rev().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
        let stopwatch = whose.chars().rev().eq("Instant".chars()) && measures;
        assert!(own || stopwatch, "{} asks the clock behind the portal's back", source.path);
    }
    for text in &source.strings {
        let text = text.to_lowercase();
        let asks = ["current_timestamp", "current_date", "current_time", "'now'", "unixepoch(", "julianday(", "random()", "randomblob("];
        assert!(!asks.iter().any(|word| text.contains(word)), "{} asks SQLite for time or chance: {text}", source.path);
    }
}

/// ALL-6
#[test]
fn no_migration_asks_the_clock() {
    for entry in std::fs::read_dir(root().join("migrations")).expect("the migrations") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a migration").to_lowercase();
        for word in ["current_timestamp", "'now'", "unixepoch(", "random("] {
            assert!(!text.contains(word), "{} says {word}", path.display());
        }
    }
}

/// EMP-4: a statement that binds the viewer alone sees what all of a partner's staff may. A store's function that does so says beside it how
/// far its visitor sees.
#[test]
fn no_store_forgets_access_groups() {
    const ASKS: [&str; 5] = ["scope.bind", "scope.sight()", "scope.member()", "scope.only()", "db,scope"];
    let mut met = 0;
    for source in sources("src").iter().filter(|source| source.path.contains("store")) {
        let beginnings = ["\npub fn ", "\npub(super) fn ", "\npub(crate) fn "];
        let code = beginnings.iter().fold(source.code.clone(), |code, beginning| code.replace(beginning, "\nfn "));
        for function in code.split("\nfn ") {
            let body: String = function.split("\n}\n").next().unwrap_or_default().split_whitespace().collect();
            if !body.contains("scope.viewer()") {
                continue;
            }
            met += 1;
            let name = body.split(['(', '<']).next().unwrap_or_default();
            let asks = ASKS.iter().any(|word| body.contains(word));
            assert!(asks, "{}: {name} looks with the viewer's eyes and does not ask what is in sight", source.path);
        }
    }
    assert!(5 < met, "the functions are found");
}

#[test]
fn only_app_makes_operators_and_clockwork() {
    for source in sources("src") {
        let makes = source.code.contains("Operator::of_this_machine(") || source.code.contains("Clockwork::ticking(");
        assert!(!makes || source.path.starts_with("app/"), "{} makes itself an operator or the clock", source.path);
    }
}

#[test]
fn only_transactions_given_by_the_page_are_used_below_it() {
    for source in sources("src") {
        let file = source.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        let low = matches!(floor(file), Some(Floor::Model | Floor::Store | Floor::Letters | Floor::Actions | Floor::Views));
        let opens = source.code.contains(".db.write(") || source.code.contains(".db.read(");
        assert!(!(low && opens), "{} opens a transaction of its own", source.path);
    }
}

#[test]
fn every_migration_is_embedded() {
    let mut files: Vec<String> = std::fs::read_dir(root().join("migrations"))
        .expect("the migrations")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort_by_key(|file| file.trim_start_matches('V').split('_').next().and_then(|number| number.parse::<usize>().ok()));
    for (place, file) in files.iter().enumerate() {
        let number = file.strip_prefix('V').and_then(|rest| rest.split_once("__")).map(|(number, _)| number.parse::<usize>());
        assert_eq!(number, Some(Ok(place + 1)), "{file} is not V{}__….sql; the migrations would skip it", place + 1);
    }
    assert_eq!(portico::kernel::db::migrations::embedded(), files.len());
}

/// Columns whose few words are written by one store and read by nobody as a value of the code.
const LOCAL_WORDS: &[&str] = &["sign_in_failure.kind", "identity.theme"];

#[test]
fn the_words_a_column_may_hold_are_the_words_of_an_enum() {
    let portal = Portal::empty();
    let mut enums: Vec<(String, BTreeSet<String>)> = Vec::new();
    for source in sources("src") {
        for block in source.text.split("text_enum!(").skip(1) {
            let block = block.split("\n);").next().unwrap_or_default();
            let (code, words) = crate::support::source::lex(block);
            let name = code.split_whitespace().next().unwrap_or_default().to_owned();
            enums.push((name, words.into_iter().collect()));
        }
    }
    assert!(enums.len() > 5, "the enums are found: {enums:?}");
    let mut checks = 0;
    for (table, owner) in OWNERS {
        if !root().join("src").join(owner).join("store.rs").is_file() {
            continue;
        }
        let sql: String = portal.sql("select sql from sqlite_schema where name = ?1", [table]);
        for line in sql.split("check (").skip(1) {
            let Some((column, list)) = line.split_once(" in (") else { continue };
            let list = list.split(')').next().unwrap_or_default();
            let words: BTreeSet<String> = list.split(',').map(str::trim).filter_map(quoted).collect();
            if words.is_empty() {
                continue;
            }
            checks += 1;
            let column = format!("{table}.{}", column.trim());
            let known = LOCAL_WORDS.contains(&column.as_str()) || enums.iter().any(|(_, values)| *values == words);
            assert!(known, "{column} may hold {words:?}, which no enum of the code has exactly");
        }
    }
    assert!(checks > 10, "the checks are found");
}

fn quoted(text: &str) -> Option<String> {
    Some(text.strip_prefix('\'')?.strip_suffix('\'')?.to_owned())
}

/// Every table is strict, and every tenant's table says whose each row is.
#[test]
fn every_row_is_strict_and_has_its_partner() {
    let portal = Portal::empty();
    let of_the_portal = ["partner_ancestor", "form_answer", "sign_in_failure", "reset_request", "chain_check", "upkeep", "alert_round"];
    let by_viewer = ["organization_listing", "organization_count", "organization_user_count", "saas_listing", "saas_tally", "saas_total"];
    for table in tables(&portal.connection()) {
        let strict: i64 = portal.sql("select strict from pragma_table_list where name = ?1", [&table]);
        assert_eq!(strict, 1, "{table} is not strict");
        let column = if by_viewer.contains(&table.as_str()) { "viewer" } else { "partner" };
        let has: i64 = portal.sql("select count(*) from pragma_table_info(?1) where name = ?2", (&table, column));
        let parent = ["saas_application", "backup_day", "asset_backup", "device_alert", "vm_restore"].contains(&table.as_str())
            || table.starts_with("import_");
        assert!(
            has == 1 || table == "partner" || parent || of_the_portal.contains(&table.as_str()),
            "{table} does not say whose its rows are"
        );
    }
}

/// Nothing vanishes by itself: foreign keys restrict.
#[test]
fn no_foreign_key_cascades() {
    let portal = Portal::empty();
    for table in tables(&portal.connection()) {
        let wild: i64 = portal.sql("select count(*) from pragma_foreign_key_list(?1) where on_delete <> 'NO ACTION'", [&table]);
        assert_eq!(wild, 0, "{table} has a foreign key that acts by itself");
    }
}
