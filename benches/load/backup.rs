//! Reads while the portal is backed up, by the command, and somebody writes.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::client::{CONNECTIONS, ask_until, get};
use crate::estate::{ADA, shelf};
use crate::portal::Portal;
use crate::process;
use crate::report::{Goal, Report, percentile};
use crate::writes::Renames;
use crate::{Fallible, Options};

/// The organization list over 16 connections, renames over one, until the backup is done.
pub fn measure(options: &Options, size: usize, portal: &Portal, report: &mut Report) -> Fallible<()> {
    let name = format!("99th percentile of the list during a backup and one write after another, {size} organizations");
    if !options.wants(&name) {
        return Ok(());
    }
    let file = shelf().join("backup.db");
    drop(std::fs::remove_file(&file));
    let address = portal.process.address;
    let (renames, list) = (Renames::of(portal, 1)?, get(address, "/organizations", portal.lines(ADA)));
    let stop = &AtomicBool::new(false);
    let (took, seconds) = std::thread::scope(|scope| {
        let asking = |status, request: Box<dyn Fn(usize) -> Vec<u8> + Send>| {
            scope.spawn(move || ask_until(stop, address, status, request).map_err(|error| error.to_string()))
        };
        let renames = &renames;
        let writer = scope.spawn(move || ask_until(stop, address, 303, |_| renames.next(0)).map_err(|error| error.to_string()));
        let readers: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let list = list.clone();
                asking(200, Box::new(move |_| list.clone()))
            })
            .collect();
        let backup = process::run(&["backup", "--no-key", &file.to_string_lossy()], &portal.folder, "");
        stop.store(true, Ordering::SeqCst);
        let mut took = Vec::new();
        for reader in readers {
            took.extend(reader.join().map_err(|_| "a client panicked")??);
        }
        writer.join().map_err(|_| "a client panicked")??;
        Ok::<_, Box<dyn std::error::Error>>((took, backup?.as_secs_f64()))
    })?;
    drop(std::fs::remove_file(&file));
    report.figure(name, percentile(&took, 0.99), "ms", Goal::Under(20.0));
    report.figure(format!("that backup, {size} organizations"), seconds, "s", Goal::None);
    Ok(())
}
