//! The rules of `employees`, one test a sentence.

use portico::access::model::{Actor, Role};
use portico::accounts::model::{Details, Invitation};
use portico::employees::actions::create;
use portico::employees::model::{ProductAccess, Products};
use portico::kernel::error::{Error, Result};
use portico::kernel::ids::{AccountId, PartnerId};
use portico::kernel::text::{Email, PersonName};

use crate::support::people::*;
use crate::support::portal::Portal;

fn add(portal: &Portal, email: &str, role: Role, invitation: Invitation) -> Result<AccountId> {
    let details = Details {
        first_name: PersonName::parse("Ivo").expect("a name"),
        last_name: PersonName::parse("Marsh").expect("a name"),
        email: Email::parse(email).expect("an address"),
        country_code: None,
        mobile_phone: None,
    };
    let partner = PartnerId(portal.sql("select id from partner where name = ?1", [HARBOR]));
    let by =
        Actor { partner, account: None, name: "Ada Lane".to_owned(), roles: "Primary account".to_owned(), address: "127.0.0.1".to_owned() };
    portal.db().write(|tx| create(tx, &by, partner, role, &details, invitation))
}

/// ACC-2: a new employee is invited, with a letter that names the link.
#[test]
fn a_new_employee_gets_a_letter_and_seven_days() {
    let portal = Portal::firm();
    let account = add(&portal, "ivo@harbor.example", Role::Tech, Invitation::Send).expect("an employee");
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [account]), "invited");
    assert!(portal.letter_to("ivo@harbor.example").contains(HARBOR));
    portal.guest().get(&portal.link_for("ivo@harbor.example")).status(200);
    assert_eq!(portal.last_activity(), "added Ivo Marsh (ivo@harbor.example) to the staff as Tech");
}

/// An employee may be added without a letter.
#[test]
fn an_employee_may_be_added_without_a_letter() {
    let portal = Portal::firm();
    let account = add(&portal, "ivo@harbor.example", Role::Tech, Invitation::Later).expect("an employee");
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [account]), "not_invited");
    assert_eq!(portal.sql_count("letter where to_email = 'ivo@harbor.example'"), 0);
}

/// EMP-3: products come with the role: Admin and above both, Tech BCDR, the others none.
#[test]
fn products_come_with_the_role() {
    use ProductAccess::{Full, NoAccess};
    let portal = Portal::firm();
    let of = |role| (Products::of(role).bcdr, Products::of(role).endpoint_backup);
    for role in [Role::PrimaryAccount, Role::SecurityAdmin, Role::Admin] {
        assert_eq!(of(role), (Full, Full));
    }
    assert_eq!(of(Role::Tech), (Full, NoAccess));
    assert_eq!(of(Role::Business), (NoAccess, NoAccess));
    assert_eq!(of(Role::SalesAndMarketing), (NoAccess, NoAccess));
    let account = add(&portal, "ivo@harbor.example", Role::Tech, Invitation::Later).expect("an employee");
    assert_eq!(portal.sql::<String>("select bcdr || ' ' || endpoint_backup from employee where account = ?1", [account]), "full none");
}

/// ACC-14: a partner has one primary account.
#[test]
fn a_second_primary_account_is_refused() {
    let portal = Portal::firm();
    let before = portal.sql_count("account");
    assert!(matches!(add(&portal, "ivo@harbor.example", Role::PrimaryAccount, Invitation::Send), Err(Error::Refused(_))));
    assert_eq!(portal.sql_count("account"), before);
}

/// ACC-11: one e-mail is one employee, whatever its case.
#[test]
fn the_same_e_mail_is_no_second_employee() {
    let portal = Portal::firm();
    assert!(matches!(add(&portal, "ABE@harbor.example", Role::Tech, Invitation::Send), Err(Error::Invalid(_))));
    add(&portal, "ivo@harbor.example", Role::Tech, Invitation::Send).expect("another e-mail is fine");
}

/// ACC-14: the primary account is neither deactivated nor removed, and does not lapse.
#[test]
fn the_primary_account_is_never_lost() {
    let portal = Portal::firm();
    for member in [ADA, ABE] {
        let account = portal.db().read(|db| {
            let identity = portico::kernel::ids::IdentityId(portal.sql("select identity from account where id = ?1", [member.account]));
            portico::accounts::store::own(db, identity, AccountId(member.account))
        });
        let account = account.expect("an account");
        let deactivated = portal.db().write(|tx| portico::accounts::actions::deactivate(tx, &account));
        assert_eq!(deactivated.is_ok(), member == ABE, "{deactivated:?}");
    }
    let identity = portico::kernel::ids::IdentityId(portal.sql("select identity from account where id = ?1", [ADA.account]));
    let ada = portal.db().read(|db| portico::accounts::store::own(db, identity, AccountId(ADA.account))).expect("an account");
    assert!(matches!(portal.db().write(|tx| portico::accounts::actions::remove(tx, &ada)), Err(Error::Refused(_))));
    portal.execute("update account set state = 'invited', invited_until = ?2 where id = ?1", (ADA.account, portal.now()));
    portal.run_jobs();
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [ADA.account]), "invited");
}
