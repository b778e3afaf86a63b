//! What is asked of somebody before their own second factor changes.

use crate::access::actions as sign_in;
use crate::factors::model::Typed;
use crate::factors::sign_in_pages::owner;
use crate::kernel::error::{Error, Result};
use crate::page::Cx;

/// The password given again, as at the sign-in page, so that a session left open is no place to guess it (SEC-1).
pub(super) fn check_password(cx: &Cx<'_>) -> Result<()> {
    let (portal, address, identity) = (cx.portal, cx.request.peer, owner(cx)?.identity);
    let candidate = portal.db.write(|tx| sign_in::admit_again(tx, identity, address))?;
    let right = match portal.hasher.verify(cx.form.get("current_password"), Some(&candidate.password_hash)) {
        Ok(right) => right,
        Err(error) => {
            portal.db.write(|tx| sign_in::undecided(tx, &candidate.email, Some(&candidate), address))?;
            return Err(error);
        }
    };
    if !right {
        return Err(Error::field("current_password", "This is not your current password."));
    }
    portal.db.write(|tx| sign_in::forgive(tx, &candidate, address))
}

/// The same, or a code of the app, which is spent by it. Who gives both must be right in both.
pub(super) fn check_password_or_code(cx: &Cx<'_>) -> Result<()> {
    if !cx.form.get("current_password").is_empty() {
        check_password(cx)?;
        if cx.form.get("code").trim().is_empty() {
            return Ok(());
        }
    }
    let person = cx.person()?;
    match Typed::read(cx.form.get("code")) {
        Typed::Code(code) => match cx.portal.db.write(|tx| sign_in::prove_by_code(tx, person, &code))? {
            None => Ok(()),
            Some(wait) => Err(Error::field("code", sign_in::refusal("This code is not right.", wait))),
        },
        Typed::RecoveryCode(_) if !cx.form.get("code").trim().is_empty() => {
            Err(Error::field("code", "Enter the six digits that your app shows now."))
        }
        Typed::RecoveryCode(_) => Err(Error::field("current_password", "Enter your password, or the code that your app shows now.")),
    }
}
