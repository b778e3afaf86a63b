//! One chromedriver for the whole test run, and its protocol: W3C `WebDriver`, JSON over HTTP.

use std::env;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How long one command may take; starting Chromium on a busy machine is the slowest.
const COMMAND_LIMIT: Duration = Duration::from_secs(90);

/// The key under which `WebDriver` hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Runs chromedriver until standard input closes, which it does however the test process ends; then ends what is left of it and
/// of its browsers (they share a process group with this shell) and removes their profiles.
const KEEPER: &str = r#"
trap '' TERM INT HUP
folder=$(mktemp -d) || exit 1
(trap - TERM INT HUP; TMPDIR=$folder exec "$1" --port=0 --log-level=SEVERE </dev/null) &
driver=$!
cat >/dev/null
exec >/dev/null 2>&1
kill -TERM 0
wait $driver
for process in /proc/[0-9]*; do
    if tr '\0' ' ' <"$process/cmdline" | grep -qF -e "$folder"; then kill -KILL "${process#/proc/}"; fi
done
rm -rf "$folder" || { sleep 0.5; rm -rf "$folder"; }
"#;

struct Driver {
    port: u16,
    chromium: PathBuf,
    agent: ureq::Agent,
    /// Holds the keeper's standard input open.
    _keeper: Child,
}

static DRIVER: OnceLock<Driver> = OnceLock::new();

/// Why a command did not work: `WebDriver`'s error code and its explanation.
#[derive(Debug)]
pub struct Trouble {
    pub code: String,
    pub message: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.message.lines().next().unwrap_or_default();
        write!(f, "{}: {first}", self.code)
    }
}

impl Trouble {
    /// Whether the browser itself is gone, so that trying again cannot help.
    pub fn is_final(&self) -> bool {
        matches!(self.code.as_str(), "invalid session id" | "session not created" | "chromedriver")
    }
}

/// An element as chromedriver names it, from the answer of a script.
pub struct Element(String);

impl Element {
    /// The element in a script's answer; `None` where the script found none.
    pub fn from(value: &Value) -> Option<Self> {
        value.get(ELEMENT)?.as_str().map(|id| Self(id.to_owned()))
    }

    /// The path of a command about this element.
    pub fn path(&self, command: &str) -> String {
        format!("/element/{}/{command}", self.0)
    }
}

/// One Chromium with a profile of its own; it ends with this value.
pub struct Session {
    id: String,
}

impl Session {
    /// Starts a Chromium with flags of its own beside the usual ones, whose profile has these preferences.
    pub fn start(preferences: &Value, more: &[String]) -> Result<Self, Trouble> {
        let driver = DRIVER.get_or_init(start_driver);
        let usual = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-proxy-server",
            "--lang=en-US",
            "--window-size=1280,900",
        ];
        let flags: Vec<&str> = usual.into_iter().chain(more.iter().map(String::as_str)).collect();
        let chrome = json!({ "binary": driver.chromium, "args": flags, "prefs": preferences });
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": chrome,
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let answer = driver.send("POST", "/session", &wanted)?;
        let id = answer.get("sessionId").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Self { id })
    }

    /// Sends a command that carries a body.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Trouble> {
        self.send("POST", path, body)
    }

    /// Asks for something.
    pub fn get(&self, path: &str) -> Result<Value, Trouble> {
        self.send("GET", path, &Value::Null)
    }

    /// Runs a function body in the page; `arguments` is its argument list.
    pub fn run(&self, script: &str, arguments: &Value) -> Result<Value, Trouble> {
        self.post("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// A command of the Chrome `DevTools` protocol.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Result<Value, Trouble> {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, Trouble> {
        DRIVER.get_or_init(start_driver).send(method, &format!("/session/{}{path}", self.id), body)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // When the driver is gone the keeper has ended the browser already.
        drop(self.send("DELETE", "", &Value::Null));
    }
}

impl Driver {
    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, Trouble> {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        let outcome = match method {
            "GET" => self.agent.get(&url).call(),
            "DELETE" => self.agent.delete(&url).call(),
            _ => self.agent.post(&url).send_json(body),
        };
        let lost = |error: ureq::Error| Trouble { code: "chromedriver".to_owned(), message: format!("{method} {path}: {error}") };
        let mut response = outcome.map_err(lost)?;
        // Screenshots of long pages outgrow ureq's ten megabytes.
        let mut answer: Value = response.body_mut().with_config().limit(1 << 28).read_json().map_err(lost)?;
        let value = answer.get_mut("value").map(Value::take).unwrap_or_default();
        if response.status().is_success() {
            return Ok(value);
        }
        let word = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or("unknown").to_owned();
        Err(Trouble { code: word("error"), message: word("message") })
    }
}

fn start_driver() -> Driver {
    let (Some(chromium), Some(chromedriver)) = (find(&["chromium", "chromium-browser", "google-chrome"]), find(&["chromedriver"])) else {
        panic!("The browser journeys need Chromium and chromedriver. Run ./test once: it installs both.");
    };
    let mut keeper = Command::new("sh")
        .args(["-c", KEEPER, "browser-keeper"])
        .arg(chromedriver)
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("chromedriver does not start: {error}"));
    let Some(output) = keeper.stdout.take() else { panic!("chromedriver has no output") };
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let port = lines.find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok());
    let Some(port) = port else { panic!("chromedriver ended without naming its port") };
    // Whatever else it prints is read away, or it would block on a full pipe.
    thread::spawn(move || lines.for_each(drop));
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).timeout_global(Some(COMMAND_LIMIT));
    Driver { port, chromium, agent: config.build().new_agent(), _keeper: keeper }
}

/// The first of these programs on the path.
fn find(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file()))
}
