//! Setting the way letters leave (MAI-1), trying it, and sending what was held.

use crate::access::model::Person;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::secret::Vault;
use crate::kernel::text;
use crate::mail::settings_model::{Delivery, Settings};
use crate::mail::{delivery_store, settings_store};

/// What the password is sealed for.
const PURPOSE: &str = "mail password";

/// The password that is kept for this server and user; none where there is no user. A sentence where it cannot be opened, such as after
/// a restore without the key file.
pub fn password(settings: &Settings, vault: &Vault) -> Result<Option<String>, String> {
    if settings.user.is_empty() {
        return Ok(None);
    }
    let opened = settings.sealed_password.as_ref().and_then(|sealed| vault.open(PURPOSE, &settings.meant_for(), sealed));
    match opened.and_then(|password| String::from_utf8(password).ok()) {
        Some(password) => Ok(Some(password)),
        None => {
            Err("The password for the mail server cannot be opened with this portal\u{2019}s key file. Enter it anew under Admin > Mail."
                .to_owned())
        }
    }
}

/// Saves what was entered; whether anything changed. An empty password keeps the one that is there, if it was given for the same server
/// and user; else it is asked for anew, so that nobody sends it to another server. The event tells all but the password. `tried_in_vain`
/// says that the last test letter was sent with these very settings and was not taken.
pub fn save(tx: &Tx<'_>, by: &Person, wanted: &Settings, new_password: &str, tried_in_vain: bool) -> Result<bool> {
    let before = settings_store::settings(tx)?;
    let sealed_password = seal(tx, &before, wanted, new_password)?;
    let after = Settings { sealed_password, ..wanted.clone() };
    if after == before {
        return Ok(false);
    }
    settings_store::keep_settings(tx, &after)?;
    settings_store::begin_anew(tx)?;
    if !tried_in_vain {
        settings_store::forget_failed_test(tx)?;
    }
    let event = Event::new(Kind::MailChanged, "changed how letters leave").with(changes(&before, &after));
    activity::store::record(tx, &by.actor(), &event)?;
    Ok(true)
}

fn seal(tx: &Tx<'_>, before: &Settings, wanted: &Settings, new_password: &str) -> Result<Option<Vec<u8>>> {
    if wanted.delivery == Delivery::Hold {
        return Ok(before.sealed_password.clone());
    }
    if wanted.user.is_empty() {
        return Ok(None);
    }
    if !new_password.is_empty() {
        return tx.vault().seal(PURPOSE, &wanted.meant_for(), new_password.as_bytes(), tx.tokens()).map(Some);
    }
    if before.sealed_password.is_some() && wanted.meant_for() == before.meant_for() {
        return Ok(before.sealed_password.clone());
    }
    Err(Error::field("password", password_missing(before)))
}

/// Why a password must be entered.
pub fn password_missing(before: &Settings) -> &'static str {
    if before.sealed_password.is_some() {
        "Enter the password again: the one that is kept was given for another server or user, and goes nowhere else."
    } else {
        "Enter the password of this user."
    }
}

fn changes(before: &Settings, after: &Settings) -> Vec<Change> {
    let place = |settings: &Settings| if settings.host.is_empty() { String::new() } else { settings.place() };
    let authority = |settings: &Settings| if settings.authority.is_empty() { "publicly trusted" } else { "an own one" };
    let kept = |settings: &Settings| if settings.sealed_password.is_some() { "one is kept" } else { "none" };
    let mut found: Vec<Change> = [
        Change::between("Delivery", before.delivery.word(), after.delivery.word()),
        Change::between("Mail server", place(before), place(after)),
        Change::between("Encryption", before.security.word(), after.security.word()),
        Change::between("Certificate authority", authority(before), authority(after)),
        Change::between("User name", before.user.clone(), after.user.clone()),
        Change::between("Sender\u{2019}s address", before.from_address.clone(), after.from_address.clone()),
        Change::between("Sender\u{2019}s name", before.from_name.clone(), after.from_name.clone()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if before.sealed_password != after.sealed_password {
        let to = if before.sealed_password.is_some() && after.sealed_password.is_some() { "another one is kept" } else { kept(after) };
        found.push(Change { field: "Password", from: kept(before).to_owned(), to: to.to_owned() });
    }
    if before.authority != after.authority && authority(before) == authority(after) {
        found.push(Change { field: "Certificate authority", from: "an own one".to_owned(), to: "another own one".to_owned() });
    }
    found
}

/// Notes what came of a test letter. One that was taken ends the pause: letters that wait need wait no longer.
pub fn tested(tx: &Tx<'_>, by: &Person, place: &str, ok: bool, said: &str) -> Result<()> {
    settings_store::end_test(tx, ok, said)?;
    if ok {
        settings_store::end_pause(tx)?;
    }
    let outcome = if ok { "it was taken" } else { "it was not taken" };
    let sentence = format!("sent a test letter through {place} to {}; {outcome}", by.email);
    activity::store::record(tx, &by.actor(), &Event::new(Kind::MailTested, sentence)).map(drop)
}

/// Sends on their way the letters that were held; how many.
pub fn release_held(tx: &Tx<'_>, by: &Person) -> Result<i64> {
    let released = i64::try_from(delivery_store::release_held(tx)?).unwrap_or(i64::MAX);
    if released == 0 {
        return Err(Error::refused("No letter is held here that could still be sent."));
    }
    settings_store::end_pause(tx)?;
    let sentence = format!(
        "sent on their way {} that {} held",
        text::counted(released, "letter", "letters"),
        if released == 1 { "was" } else { "were" }
    );
    activity::store::record(tx, &by.actor(), &Event::new(Kind::LettersReleased, sentence))?;
    Ok(released)
}
