//! The command line. Every command prints what it did and exits 0; 1 with one sentence when it failed; 2 on wrong usage.

use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand};

use crate::access::witness_model::Operator;
use crate::app::certificates::Presented;
use crate::app::config::{Config, Reach};
use crate::app::jobs::Scheduler;
use crate::app::listening::{self, LISTEN, Listening};
use crate::app::lock::{Lock, Purpose};
use crate::app::mailing::Mailing;
use crate::app::public_url::PublicUrl;
use crate::app::server::{self, Options, Running};
use crate::app::signals::{Ear, Told};
use crate::app::{App, accounts, demo, healthcheck, imports, jobs, keys, machine, restore, upkeep};
use crate::gate::hall::Left;
use crate::kernel::countries;
use crate::kernel::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::random::Tokens;
use crate::kernel::secret::{Hasher, PasswordCost, Vault};
use crate::kernel::smtp::Patience;
use crate::kernel::text::{Email, FirmName, PersonName};
use crate::kernel::time::{Clock, Timestamp};
use crate::kernel::world::{GivenSender, Transport, World};
use crate::mail::{delivery_actions, settings_model};
use crate::partners;
use crate::partners::model::Founding;

#[derive(Parser, Debug)]
#[command(name = "portico", version, about = "The partner portal in one file.", long_about = None)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// The data folder.
    #[arg(long, env = "PORTICO_DATA", global = true)]
    data: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Run the portal (what `portico` alone does).
    Serve(Serve),
    /// Run a filled portal in a fresh temporary folder, which is forgotten at the end.
    Demo(Demo),
    /// Set up an empty portal without a browser; the password comes from standard input.
    Init(Init),
    /// A way in for whoever has the machine.
    #[command(subcommand)]
    Account(accounts::Account),
    /// API keys for scripts.
    #[command(subcommand)]
    Key(keys::Key),
    /// Bring in organizations, users, SaaS accounts, seats, reports, devices and networks from files.
    Import(imports::Import),
    /// Make a verified copy of the whole portal, while it runs too.
    Backup(upkeep::Backup),
    /// Put a backup in the place of the portal, which is kept; while it is stopped.
    Restore(restore::Restore),
    /// Look whether everything is as it should be; changes nothing.
    Check,
    /// Ask a running portal whether it answers and can write, for supervisors.
    Healthcheck(healthcheck::Healthcheck),
}

#[derive(Args, Debug)]
struct Serve {
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    mailing: Mailing,
    /// Let partners in Europe, the Middle East and Africa give the portal a look of their own too.
    #[arg(long, env = "PORTICO_BRANDING_EVERYWHERE")]
    branding_everywhere: bool,
}

#[derive(Args, Debug)]
struct Demo {
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = LISTEN, value_parser = listening::address)]
    listen: SocketAddr,
}

#[derive(Args, Debug)]
struct Init {
    /// The operating partner's name.
    #[arg(long)]
    partner: String,
    /// Its country, two letters.
    #[arg(long)]
    country: String,
    /// The primary account's first name.
    #[arg(long)]
    first_name: String,
    /// Its last name.
    #[arg(long)]
    last_name: String,
    /// What it signs in with.
    #[arg(long)]
    email: String,
}

/// Runs the command that the arguments name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(serve_by_default(arguments)) {
        Ok(cli) => cli,
        Err(error) => {
            drop(error.print());
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match outlive_limits().and_then(|()| dispatch(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("portico: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Where the size of files is limited, a write beyond that is an error like any other of the disk (OPS-4) and not the program's end.
fn outlive_limits() -> Result<()> {
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default())?;
    Ok(())
}

/// `portico` alone is `portico serve`, with that command's options.
fn serve_by_default(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let command = Cli::command();
    let known = |word: &OsString| {
        let asks = ["help", "--help", "-h", "--version", "-V"].iter().any(|ask| word == ask);
        asks || command.get_subcommands().any(|one| word == one.get_name())
    };
    if !arguments.iter().skip(1).any(known) {
        arguments.insert(arguments.len().min(1), OsString::from("serve"));
    }
    arguments
}

fn dispatch(cli: Cli) -> Result<()> {
    let data = cli.data.clone();
    match cli.command {
        Command::Serve(arguments) => serve(data, &arguments),
        Command::Demo(arguments) => demo_portal(&arguments),
        Command::Init(arguments) => init(data, &arguments),
        Command::Account(arguments) => accounts::run(&machine::existing_folder(data)?, &arguments, &world()),
        Command::Key(arguments) => keys::run(&machine::existing_folder(data)?, &arguments, &world()),
        Command::Import(arguments) => import(data, &arguments),
        Command::Backup(arguments) => upkeep::back_up(&machine::existing_folder(data)?, &arguments, &world()),
        Command::Restore(arguments) => restore::run(data, &arguments, &world()),
        Command::Healthcheck(arguments) => healthcheck::run(data.or_else(machine::platform_folder).as_deref(), &arguments),
        Command::Check => upkeep::check(&machine::existing_folder(data)?, &world()),
    }
}

fn serve(data: Option<PathBuf>, arguments: &Serve) -> Result<()> {
    let plan = arguments.listening.plan()?;
    let data = machine::data_folder(data)?;
    let lock = Lock::take(&data, Purpose::Serve)?;
    let listener = server::listen(arguments.listening.listen)?;
    let reach = plan.reach(listener.local_addr()?);
    for line in listening::warnings(&reach, arguments.listening.trusted_proxy) {
        eprintln!("{line}");
    }
    let (trusted_proxy, branding_everywhere) = (arguments.listening.trusted_proxy, arguments.branding_everywhere);
    let config = Config { data, reach, trusted_proxy, demo: false, branding_everywhere };
    let (transport, sender) = arguments.mailing.way()?;
    let world = World { transport, sender, ..world() };
    let certificate = arguments.listening.certificate(&config.data);
    let presented = certificate.map(|source| Presented::open(source, &config.reach, world.clock.now())).transpose()?;
    let db = machine::open_locked(&config.data, &world, &lock)?;
    if config.reach.public_url.is_this_machine() && !db.read(|db| delivery_actions::holds(db, &world.transport))? {
        eprintln!("{}", settings_model::only_here(&config.reach.public_url.to_string()));
    }
    lock.tell(&PublicUrl::of(config.reach.spoken.scheme(), config.reach.listen).to_string())?;
    // ACC-1: a new secret at each start, for as long as nobody has used one.
    let secret = if db.read(|db| partners::store::operating(db))?.is_none() { Some(world.tokens.token()?) } else { None };
    run_until_told(&config, world, db, Entrance { listener, presented }, secret.as_deref())
}

/// A filled portal in a folder that goes with this function.
fn demo_portal(arguments: &Demo) -> Result<()> {
    if !arguments.listen.ip().is_loopback() {
        return Err(Error::refused("The demo is for this machine only, such as --listen 127.0.0.1:8091: its passwords are no secret."));
    }
    let listener = server::listen(arguments.listen)?;
    let reach = Reach::on_this_machine(listener.local_addr()?);
    let folder = demo::folder()?;
    let config = Config { data: folder.path().to_owned(), reach, trusted_proxy: None, demo: true, branding_everywhere: true };
    let world = world();
    let vault = Vault::new(world.tokens.bytes()?);
    let signed = demo::fill(&config.database(), vault.clone(), world.clock.now())?;
    let db = Db::open(&config.database(), world.clock.clone(), vault)?;
    demo::tell(&signed)?;
    let result = run_until_told(&config, world, db, Entrance { listener, presented: None }, None);
    folder.close()?;
    result
}

/// Where browsers come in, and what is presented to them there under TLS.
struct Entrance {
    listener: TcpListener,
    presented: Option<Presented>,
}

/// Serves until SIGTERM or SIGINT, then finishes what is in flight (OPS-5).
fn run_until_told(config: &Config, world: World, db: Db, entrance: Entrance, set_up_secret: Option<&str>) -> Result<()> {
    let mut ear = Ear::open()?;
    let app = App::new(db, world, config, set_up_secret)?;
    let wrap = entrance.presented.as_ref().map(Presented::tls);
    let options = Options { trusted_proxy: config.trusted_proxy, wrap, ..Options::default() };
    let running = Running::start(&app, entrance.listener, options)?;
    let scheduler = Scheduler::start(app.portal().clone())?;
    println!("Portico answers at {}", config.reach.public_url);
    for note in entrance.presented.iter().flat_map(Presented::notes) {
        println!("{note}");
    }
    if let Some(secret) = set_up_secret {
        println!("Nobody has set it up yet. Do so with this link, which works once: {}/set-up/{secret}", config.reach.public_url);
    }
    while ear.hear() != Told::End {
        read_again(entrance.presented.as_ref(), app.portal().db.clock().now());
    }
    if running.stop() == Left::Work {
        // What it has not committed is as if it had never begun; whoever waits for the database would wait for it.
        eprintln!("a request did not finish in time; what it was about to change stays as it was");
        return Ok(());
    }
    scheduler.stop();
    jobs::run_all(app.portal());
    app.portal().db.checkpoint()
}

/// SIGHUP: a newer certificate is presented; one that cannot be is named, and the old one stays.
fn read_again(presented: Option<&Presented>, now: Timestamp) {
    match presented.map(|presented| presented.read_again(now)) {
        Some(Ok(lines)) => println!("{}", lines.join("\n")),
        Some(Err(error)) => eprintln!("The certificate stays the old one: {error}"),
        None => println!("Nothing to read again: Portico speaks no TLS here, so it has no certificate."),
    }
}

/// ACC-1 for scripts.
fn init(data: Option<PathBuf>, arguments: &Init) -> Result<()> {
    let password = machine::password_from_input(&arguments.email)?;
    let founding = Founding {
        partner: argument("--partner", FirmName::parse(&arguments.partner))?,
        country: argument(
            "--country",
            countries::parse(&arguments.country).map_err(|_| "use the two letters of a country, such as US.".to_owned()),
        )?,
        first_name: argument("--first-name", PersonName::parse(&arguments.first_name))?,
        last_name: argument("--last-name", PersonName::parse(&arguments.last_name))?,
        email: argument("--email", Email::parse(&arguments.email))?,
    };
    let world = world();
    let data = machine::data_folder(data)?;
    let db = machine::open(&data, &world)?;
    let hash = Hasher::start(world.password_cost)?.hash(&password, world.tokens)?;
    let operator = Operator::of_this_machine();
    let (public_id, slug) = db.write(|tx| {
        let founded = partners::actions::set_up(tx, &founding, &hash, |founded| operator.actor(founded.partner))?;
        Ok((partners::store::public_id(tx, founded.partner)?, partners::store::signature(tx, founded.partner)?.slug))
    })?;
    db.checkpoint()?;
    println!("{} is set up in {}.", founding.partner.as_str(), data.display());
    println!("Partner ID: {public_id}");
    println!("Sign-in address: http://{LISTEN}/p/{slug}/sign-in, once `portico serve` runs.");
    Ok(())
}

/// Files in; beside a running server too.
fn import(data: Option<PathBuf>, arguments: &imports::Import) -> Result<()> {
    let data = machine::existing_folder(data)?;
    imports::run(&machine::open(&data, &world())?, arguments)
}

fn argument<T>(name: &str, parsed: std::result::Result<T, String>) -> Result<T> {
    parsed.map_err(|sentence| Error::refused(format!("{name}: {sentence}")))
}

fn world() -> World {
    World {
        clock: Clock::System,
        tokens: Tokens,
        transport: Transport::AsSet,
        sender: GivenSender::default(),
        patience: Patience::DELIVERY,
        password_cost: PasswordCost::Full,
    }
}
