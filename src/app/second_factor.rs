//! `portico account clear-second-factor`: a way back in for whoever has the machine (SEC-4).

use clap::Args;

use crate::access::witness_model::Operator;
use crate::factors;
use crate::kernel::db::Db;
use crate::kernel::error::Result;

/// Whose second factor is cleared.
#[derive(Args, Debug)]
pub struct ClearSecondFactor {
    /// Their e-mail.
    email: String,
    /// The Partner ID, if several partners know this e-mail.
    #[arg(long)]
    partner: Option<String>,
}

/// Takes the second factor away; whoever must have one sets it up at the next sign-in.
pub fn clear(db: &Db, arguments: &ClearSecondFactor) -> Result<()> {
    let email = &arguments.email;
    let operator = Operator::of_this_machine();
    let partner = db.write(|tx| factors::actions::clear_by_operator(tx, &operator, email, arguments.partner.as_deref()))?;
    println!("The second factor of {email} at {partner} is cleared, and whoever was signed in with it is signed out.");
    Ok(())
}
