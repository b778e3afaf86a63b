//! The program as a whole: how large it is, how soon it answers, how much memory it takes, how fast an import goes.

use std::fmt::Write as _;
use std::time::Instant;

use portico::kernel::text::key;

use crate::client::{Connection, post};
use crate::estate::{ADA, Estate, PASSWORD, shelf};
use crate::portal::{self, Portal};
use crate::process::{self, PORTICO, Running};
use crate::report::{Goal, Report, median};
use crate::{Fallible, Options, names};

/// The program's file.
pub fn size_of_binary(options: &Options, report: &mut Report) -> Fallible<()> {
    if options.wants("size of the program") {
        report.figure("size of the program", std::fs::metadata(PORTICO)?.len() as f64 / 1_000_000.0, "MB", Goal::Under(15.0));
    }
    Ok(())
}

/// Start, memory and import.
pub fn measure(options: &Options, report: &mut Report) -> Fallible<()> {
    let size = 100_000;
    if options.has(size) && options.wants("start to the first page") {
        start(size, report)?;
    }
    if options.has(size) && options.wants("memory") {
        memory(options, size, report)?;
    }
    if options.wants("import of 100,000 organizations") {
        import(size, report)?;
    }
    Ok(())
}

/// From starting the process to the organization list in hand; the file is in the system's cache, the process is new.
fn start(size: usize, report: &mut Report) -> Fallible<()> {
    let folder = Estate::Of(size).copy()?;
    let session = portal::sign_in(&folder, ADA)?;
    let mut took = Vec::new();
    for _ in 0..7 {
        let begun = Instant::now();
        let process = Running::portal(&folder)?;
        process.first_page("/organizations", &session)?;
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    report.figure(format!("start to the first page, {size} organizations"), median(took), "ms", Goal::Under(100.0));
    Ok(())
}

fn memory(options: &Options, size: usize, report: &mut Report) -> Fallible<()> {
    let portal = Portal::start(Estate::Of(size), &[])?;
    std::thread::sleep(options.idle());
    let seconds = options.idle().as_secs();
    let idle = portal.process.memory()? as f64 / 1_000.0;
    report.figure(format!("memory {seconds} s after the start, nobody signed in"), idle, "MB", Goal::Under(40.0));
    let address = portal.process.address;
    let sign_in = post(address, "/sign-in", "", &[("email", ADA), ("password", PASSWORD)]);
    std::thread::scope(|scope| {
        let people: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = Connection::open(address).map_err(|error| error.to_string())?;
                    for _ in 0..4 {
                        let answer = connection.ask(&sign_in, false).map_err(|error| error.to_string())?;
                        if answer.status != 303 {
                            return Err(format!("a sign-in answers {}", answer.status));
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        people.into_iter().try_for_each(|one| one.join().map_err(|_| "a client panicked".to_owned())?)
    })?;
    report.figure("memory after sixteen sign-ins", portal.process.memory()? as f64 / 1_000.0, "MB", Goal::Under(80.0));
    Ok(())
}

/// A file of organizations into an empty portal, by the command.
fn import(size: usize, report: &mut Report) -> Fallible<()> {
    let folder = shelf().join("run-import");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder)?;
    let mut file = "name,contact_first_name,contact_last_name,contact_email,country,plan,seats\n".to_owned();
    for number in 0..size {
        let (name, (first, last)) = (names::organization(number), names::person(number));
        writeln!(file, "{name},{first},{last},office@{}.example,US,backup,5", key(&name).replace(' ', "-"))?;
    }
    let path = folder.join("organizations.csv");
    std::fs::write(&path, file)?;
    let founding = ["init", "--partner", "Large Partner", "--country", "US", "--first-name", "Ada", "--last-name", "Lane", "--email", ADA];
    process::run(&founding, &folder, PASSWORD)?;
    let took = process::run(&["import", &path.to_string_lossy()], &folder, "")?;
    report.figure(format!("import of {size} organizations"), took.as_secs_f64(), "s", Goal::None);
    drop(std::fs::remove_dir_all(&folder));
    Ok(())
}
