//! `portico account`: a way in for whoever has the machine (SEC-4). Each use is an event "by the operator of this machine".

use std::io::Write as _;
use std::path::Path;

use clap::Subcommand;

use crate::access::roles_model::Role;
use crate::access::state_model::AccountState;
use crate::access::witness_model::Operator;
use crate::accounts;
use crate::accounts::model::Reactivated;
use crate::app::second_factor::ClearSecondFactor;
use crate::app::{machine, second_factor};
use crate::employees::model::{Known, Whose};
use crate::employees::operator_actions::{self, Sought};
use crate::kernel::db::Db;
use crate::kernel::error::Result;
use crate::kernel::secret::Hasher;
use crate::kernel::text;
use crate::kernel::time::{Timestamp, Zone};
use crate::kernel::world::World;

/// What is to be done.
#[derive(Subcommand, Debug)]
pub enum Account {
    /// List the employees of every partner: e-mail, name, role, state, last sign-in.
    List {
        /// The Partner ID of the one partner to list.
        #[arg(long, value_name = "ID")]
        partner: Option<String>,
        /// Organizations' users too.
        #[arg(long)]
        users: bool,
    },
    /// Set the password of whoever signs in with this e-mail; it comes from standard input.
    SetPassword {
        /// Their e-mail.
        email: String,
        /// The Partner ID, if several partners know this e-mail.
        #[arg(long)]
        partner: Option<String>,
    },
    /// Take a second factor away; whoever must have one sets it up anew at the next sign-in.
    ClearSecondFactor(ClearSecondFactor),
    /// Let employees sign in from everywhere again, when nobody is where Security Settings let them come from.
    ClearAllowedAddresses {
        /// The Partner ID, if it is not the operating partner.
        #[arg(long, value_name = "ID")]
        partner: Option<String>,
    },
    /// Make an active employee the primary account; the one before becomes Security Admin.
    MakePrimary {
        /// The employee's e-mail.
        email: String,
        /// The Partner ID, if several partners know this e-mail.
        #[arg(long, value_name = "ID")]
        partner: Option<String>,
    },
    /// Bring back an account that was deactivated or whose set-up lapsed.
    Reactivate {
        /// Their e-mail.
        email: String,
        /// The Partner ID, if several partners know this e-mail.
        #[arg(long, value_name = "ID")]
        partner: Option<String>,
        /// The organization's ID, for the account of an organization's user.
        #[arg(long, value_name = "ID")]
        organization: Option<String>,
    },
}

/// Does it, beside a running server too.
pub fn run(data: &Path, what: &Account, world: &World) -> Result<()> {
    match what {
        Account::List { partner, users } => list(&machine::open(data, world)?, partner.as_deref(), *users),
        Account::SetPassword { email, partner } => set_password(data, world, email, partner.as_deref()),
        Account::ClearSecondFactor(whose) => second_factor::clear(&machine::open(data, world)?, whose),
        Account::MakePrimary { email, partner } => make_primary(&machine::open(data, world)?, email, partner.as_deref()),
        Account::ClearAllowedAddresses { partner } => clear_allowed_addresses(&machine::open(data, world)?, partner.as_deref()),
        Account::Reactivate { email, partner, organization } => {
            let sought = Sought { partner: partner.as_deref(), organization: organization.as_deref() };
            reactivate(&machine::open(data, world)?, email, &sought)
        }
    }
}

/// SEC-4, ACC-14: the way in that is never lost.
fn set_password(data: &Path, world: &World, email: &str, partner: Option<&str>) -> Result<()> {
    let password = machine::password_from_input(email)?;
    let db = machine::open(data, world)?;
    let hash = Hasher::start(world.password_cost)?.hash(&password, world.tokens)?;
    let partner = db.write(|tx| accounts::actions::set_password_by_operator(tx, &Operator::of_this_machine(), email, partner, &hash))?;
    println!("The password of {email} at {partner} is set, and whoever was signed in with it is signed out.");
    Ok(())
}

fn make_primary(db: &Db, email: &str, partner: Option<&str>) -> Result<()> {
    let (employee, before, partner) = db.write(|tx| operator_actions::name_primary(tx, &Operator::of_this_machine(), email, partner))?;
    println!("{} ({}) is the primary account of {partner} now.", employee.name(), employee.account.email);
    if let Some(before) = before {
        println!("{} ({}), who was it before, is Security Admin.", before.name(), before.account.email);
    }
    Ok(())
}

fn clear_allowed_addresses(db: &Db, partner: Option<&str>) -> Result<()> {
    let partner = db.write(|tx| operator_actions::clear_allowed_addresses(tx, &Operator::of_this_machine(), partner))?;
    println!("Employees of {partner} may sign in from everywhere again. Security Settings names the addresses anew.");
    Ok(())
}

fn reactivate(db: &Db, email: &str, sought: &Sought<'_>) -> Result<()> {
    let (account, how) = db.write(|tx| operator_actions::reactivate(tx, &Operator::of_this_machine(), email, sought))?;
    let name = account.name();
    match how {
        Reactivated::Active => println!("{name} ({email}) is active again and can sign in."),
        Reactivated::Invited => println!(
            "{name} ({email}) has seven new days to set up the account. A letter is written; `portico account set-password` does without it."
        ),
    }
    Ok(())
}

fn list(db: &Db, partner: Option<&str>, users: bool) -> Result<()> {
    let whose = if users { Whose::Everybody } else { Whose::Staff };
    let known = db.write(|tx| operator_actions::list(tx, &Operator::of_this_machine(), partner, whose))?;
    let mut out = std::io::stdout().lock();
    let mut place = String::new();
    let lines: Vec<[String; 5]> = known.iter().map(line).collect();
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), width(3)];
    for (one, [email, name, role, state, last]) in known.iter().zip(&lines) {
        let here = heading(one);
        if here != place {
            writeln!(out, "{}{here}", if place.is_empty() { "" } else { "\n" })?;
            place = here;
        }
        let [first, second, third, fourth] = widths;
        writeln!(out, "  {email:first$}  {name:second$}  {role:third$}  {state:fourth$}  {last}")?;
    }
    let count = i64::try_from(known.len()).unwrap_or(i64::MAX);
    writeln!(out, "\n{}", text::counted(count, "account", "accounts"))?;
    Ok(out.flush()?)
}

/// The place that accounts stand under.
fn heading(one: &Known) -> String {
    match &one.organization {
        None => format!("{}, Partner ID {}", one.partner, one.partner_id),
        Some(organization) => format!("{organization} ({})", one.partner),
    }
}

fn line(one: &Known) -> [String; 5] {
    let last = one.last_sign_in.map_or_else(|| "never signed in".to_owned(), |moment| format!("last signed in {}", exact(moment)));
    let role = one.role.map_or("Organization user", Role::shown);
    [one.email.clone(), one.name.clone(), role.to_owned(), state(one.state), last]
}

fn state(state: AccountState) -> String {
    match state {
        AccountState::Invited { until } => format!("Invited until {}", exact(until)),
        AccountState::Lapsed { .. } => "Deactivated, set-up lapsed".to_owned(),
        AccountState::NotInvited | AccountState::Active { .. } | AccountState::Deactivated { .. } => state.look().2.to_owned(),
    }
}

fn exact(moment: Timestamp) -> String {
    Zone::utc().exact(moment)
}
