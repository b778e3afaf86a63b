//! `portico key`: keys with which scripts come in, for whoever has the machine.

use std::path::Path;

use clap::{Args, Subcommand};

use crate::access::witness_model::Operator;
use crate::app::machine;
use crate::kernel::error::Result;
use crate::kernel::world::World;
use crate::keys::actions::{self, Ordered};

/// What is done with keys.
#[derive(Subcommand, Debug)]
pub enum Key {
    /// Make a key of the primary account and print it once, as public:secret.
    Create(Create),
}

/// The key to be made.
#[derive(Args, Debug)]
pub struct Create {
    /// What it is for, such as the script's name.
    #[arg(long)]
    name: String,
    /// The one organization it is for, by its ID or whole name; the whole partner without.
    #[arg(long, value_name = "ID")]
    organization: Option<String>,
    /// The Partner ID; the operating partner without.
    #[arg(long, value_name = "ID")]
    partner: Option<String>,
    /// How many days it is good for.
    #[arg(long, value_name = "DAYS", default_value_t = 365)]
    expires: i64,
}

/// Does it, beside a running server too. Standard output holds the key alone, so that it can be put where the script finds it.
pub fn run(data: &Path, what: &Key, world: &World) -> Result<()> {
    let Key::Create(wanted) = what;
    let db = machine::open(data, world)?;
    let ordered = Ordered {
        name: &wanted.name,
        organization: wanted.organization.as_deref(),
        public_id: wanted.partner.as_deref(),
        days: wanted.expires,
    };
    let made = db.write(|tx| actions::create_by_operator(tx, &Operator::of_this_machine(), &ordered))?;
    println!("{}:{}", made.public, made.secret);
    eprintln!("The key {} is made and good for {} days. Its secret is not shown again.", made.name, wanted.expires);
    Ok(())
}
