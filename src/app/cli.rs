//! The command line. Every command prints what it did and exits 0; 1 with one sentence when it failed; 2 on wrong usage.

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::app::config::Config;
use crate::app::jobs::Scheduler;
use crate::app::server::{self, Running};
use crate::app::{App, jobs};
use crate::kernel::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::random::Tokens;
use crate::kernel::secret::{PasswordCost, Vault};
use crate::kernel::time::Clock;
use crate::kernel::world::{Transport, World};

#[derive(Parser, Debug)]
#[command(name = "portico", version, about = "The partner portal in one file.", long_about = None)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// The data folder.
    #[arg(long, env = "PORTICO_DATA", global = true)]
    data: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Run the portal (what `portico` alone does).
    Serve(Serve),
}

#[derive(Args, Debug)]
struct Serve {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Where people reach the portal, for links in letters; the listening address by default.
    #[arg(long)]
    public_url: Option<String>,
    /// Write every letter as an .eml file into this folder.
    #[arg(long)]
    mail_folder: Option<PathBuf>,
    /// A reverse proxy whose X-Forwarded-For is believed.
    #[arg(long)]
    trusted_proxy: Option<IpAddr>,
}

/// Runs the command that the arguments name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            drop(error.print());
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("portico: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(cli: Cli) -> Result<()> {
    let data = cli.data.clone();
    let serve_by_default = Command::Serve(Serve {
        listen: SocketAddr::from(([127, 0, 0, 1], 8090)),
        public_url: None,
        mail_folder: None,
        trusted_proxy: None,
    });
    match cli.command.unwrap_or(serve_by_default) {
        Command::Serve(arguments) => serve(data, &arguments),
    }
}

fn serve(data: Option<PathBuf>, arguments: &Serve) -> Result<()> {
    let data = data_folder(data)?;
    let listener = server::listen(arguments.listen)?;
    let listen = listener.local_addr()?;
    let public_url = arguments.public_url.clone().unwrap_or_else(|| format!("http://{listen}"));
    let config = Config {
        data,
        listen,
        public_url: public_url.trim_end_matches('/').to_owned(),
        mail_folder: arguments.mail_folder.clone(),
        trusted_proxy: arguments.trusted_proxy,
        demo: false,
    };
    let world = world(&config);
    let db = open(&config, &world)?;
    run_until_told(&config, world, db, None)
}

/// Serves until SIGTERM or SIGINT, then finishes what is in flight (OPS-5).
fn run_until_told(config: &Config, world: World, db: Db, set_up_secret: Option<&str>) -> Result<()> {
    let told = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
        // The second signal ends at once; the database is safe whenever that happens.
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&told))?;
        signal_hook::flag::register(signal, Arc::clone(&told))?;
    }
    let app = App::new(db, world, config, set_up_secret)?;
    let running = Running::start(&app, server::listen(config.listen)?, config.trusted_proxy)?;
    let scheduler = Scheduler::start(app.portal().clone())?;
    println!("Portico answers at {}", config.public_url);
    while !told.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(50));
    }
    running.stop();
    scheduler.stop();
    jobs::run_all(app.portal());
    app.portal().db.checkpoint()
}

fn world(config: &Config) -> World {
    let transport = config.mail_folder.clone().map_or(Transport::Hold, Transport::Folder);
    World { clock: Clock::System, tokens: Tokens, transport, password_cost: PasswordCost::Full }
}

fn open(config: &Config, world: &World) -> Result<Db> {
    let vault = key_file(&config.key_file())?;
    Db::open(&config.database(), world.clock.clone(), vault)
}

/// The folder to use, made if it is not there, for this user only.
fn data_folder(given: Option<PathBuf>) -> Result<PathBuf> {
    let folder =
        given.or_else(platform_folder).ok_or_else(|| Error::refused("Portico knows no data folder here. Name one with --data."))?;
    std::fs::create_dir_all(&folder)
        .map_err(|error| Error::refused(format!("{} cannot be used ({error}). Name another with --data.", folder.display())))?;
    Ok(folder)
}

fn platform_folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("XDG_DATA_HOME").or_else(|| std::env::var_os("LOCALAPPDATA")) {
        return Some(PathBuf::from(folder).join("portico"));
    }
    let home = std::env::var_os("HOME")?;
    let shared = if cfg!(target_os = "macos") { "Library/Application Support/portico" } else { ".local/share/portico" };
    Some(PathBuf::from(home).join(shared))
}

/// Reads the key file, or makes it: 32 random bytes that only this user may read.
fn key_file(path: &Path) -> Result<Vault> {
    use std::io::Write as _;
    if let Ok(bytes) = std::fs::read(path) {
        let key: [u8; 32] = bytes
            .try_into()
            .map_err(|_| Error::refused(format!("{} is not a key file of Portico's. Put the right one back.", path.display())))?;
        return Ok(Vault::new(key));
    }
    let key = Tokens.bytes::<32>()?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let unwritable = |error: std::io::Error| Error::refused(format!("{} cannot be written ({error}).", path.display()));
    let mut file = options.open(path).map_err(unwritable)?;
    file.write_all(&key).map_err(unwritable)?;
    file.sync_all().map_err(unwritable)?;
    Ok(Vault::new(key))
}
