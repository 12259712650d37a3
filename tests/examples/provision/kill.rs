//! Kills the program at a random request, and runs it again. More rounds:
//!
//! ```console
//! PROVISION_KILLS=200 cargo test --test examples provision::kill -- --nocapture
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use duvo::AuthMethod;
use duvo::mock::{Fault, Request, Response};
use duvo_test_support::mock_server::start_with;

use super::gate::Gate;
use super::{file_of_tools, program, tool_url, write};

const ROUNDS: usize = 10;
const TOOLS: usize = 12;
/// The requests of a complete run: 2 listings, 8 creations, 2 replacements and 2 deletions.
const REQUESTS: usize = 2 + 8 + 2 * 2 + 2;
const FIRST_KEY: &str = "key-of-the-first-run";
/// Ends a test whose program does not send the request at which it is to be killed.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The request at which the first run is killed. Its response is lost.
#[derive(Clone, Copy, Debug)]
struct Moment {
    request: usize,
    effect: Effect,
}

/// The time at which the request takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Never,
    BeforeTheKill,
    /// After the next run has listed the catalogue, which can then create a duplicate.
    AfterTheNextListing,
}

/// What the server and the test exchange about the runs.
struct Runs {
    moment: Moment,
    first: Mutex<Option<Child>>,
    killed: Sender<()>,
    /// Whether a request that takes effect late may proceed.
    proceed: Gate,
    /// Receives when the late request has taken effect.
    late: Sender<()>,
    next_has_begun: AtomicBool,
    /// The number of other registrations of the first run that took effect after the next
    /// run began, because the machine is busy.
    other_late: AtomicUsize,
}

impl Runs {
    fn fault(self: &Arc<Self>, request: &Request, number: usize) -> Option<Fault> {
        if request.api_key() != Some(FIRST_KEY) {
            self.next_has_begun.store(true, SeqCst);
            if request.method() != "GET" {
                self.proceed.open();
            }
            return None;
        }
        let runs = Arc::clone(self);
        if number != self.moment.request {
            let is_registration = request.method() == "POST";
            return is_registration.then(|| {
                Fault::changed(move |body| {
                    let is_late = runs.next_has_begun.load(SeqCst);
                    runs.other_late.fetch_add(usize::from(is_late), SeqCst);
                    Response::json(201, &body)
                })
            });
        }
        match self.moment.effect {
            Effect::Never => {
                self.kill();
                Some(Fault::rejected(Response::close()))
            }
            Effect::BeforeTheKill => Some(Fault::changed(move |_| {
                runs.kill();
                Response::close()
            })),
            Effect::AfterTheNextListing => {
                self.kill();
                self.proceed.wait();
                Some(Fault::changed(move |_| {
                    runs.late.send(()).unwrap();
                    Response::close()
                }))
            }
        }
    }

    /// Kills the first run.
    fn kill(&self) {
        let mut child = self.first.lock().unwrap().take().expect("the program runs");
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success());
        self.killed.send(()).unwrap();
    }
}

/// Returns the number of integrations that exist twice.
fn round(file: &str, moment: Moment) -> usize {
    let (server, catalogue) = start_with([]);
    for number in 0..4 {
        // The first two differ from the file.
        let method = [AuthMethod::OAuth, AuthMethod::Url][number / 2];
        catalogue.add_custom(format!("Tool {number}"), tool_url(number), method);
        if number < 2 {
            catalogue.add_custom(format!("Unwanted {number}"), tool_url(100), method);
        }
    }
    let ((killed, is_killed), (late, is_late)) = (mpsc::channel(), mpsc::channel());
    let runs = Arc::new(Runs {
        moment,
        first: Mutex::default(),
        killed,
        proceed: Gate::default(),
        late,
        next_has_begun: AtomicBool::default(),
        other_late: AtomicUsize::default(),
    });
    let faults = Arc::clone(&runs);
    catalogue.inject(move |request, number| faults.fault(request, number));

    let arguments = ["apply", file, "--yes", "--replace", "--prune"];
    {
        let mut first = runs.first.lock().unwrap();
        let mut program = program(&server, &arguments);
        let program = program.stdout(Stdio::null()).stderr(Stdio::null());
        *first = Some(program.env("DUVO_API_KEY", FIRST_KEY).spawn().unwrap());
    }
    let is_killed = is_killed.recv_timeout(TIMEOUT);
    is_killed.unwrap_or_else(|error| panic!("{moment:?}: {error}"));
    let second = program(&server, &arguments).output().unwrap();
    runs.proceed.open();
    if !second.status.success() {
        // The next run wanted to replace an integration that a late request deleted.
        let stdout = String::from_utf8_lossy(&second.stdout);
        assert_eq!(moment.effect, Effect::AfterTheNextListing, "{stdout}");
        assert!(stdout.contains("deleted, but not registered"), "{stdout}");
        let third = program(&server, &arguments).output().unwrap();
        assert!(third.status.success(), "{moment:?}: {third:?}");
    }
    let is_late = moment.effect == Effect::AfterTheNextListing
        && is_late.recv_timeout(TIMEOUT).map(|()| true).unwrap();

    let mut found = BTreeMap::<_, usize>::new();
    for integration in catalogue.integrations() {
        let method = integration.auth_method.as_deref();
        assert_eq!(method, Some("url"), "{moment:?}");
        *found.entry(integration.name).or_default() += 1;
    }
    let wanted: BTreeSet<_> = (0..TOOLS).map(|number| format!("Tool {number}")).collect();
    assert!(found.keys().eq(&wanted), "{moment:?}: {found:?}");
    let duplicates = found.values().sum::<usize>() - TOOLS;
    let lost = usize::from(is_late) + runs.other_late.load(SeqCst);
    assert!(duplicates <= lost, "{moment:?}: {found:?}");
    duplicates
}

#[test]
fn next_run_completes_one_that_was_killed() {
    let rounds = std::env::var("PROVISION_KILLS");
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().expect("a number"));
    let file = write("killed.toml", &file_of_tools(TOOLS));
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut never, mut before, mut late, mut duplicates) = (0, 0, 0, 0);
    for _ in 0..rounds {
        let (effect, count) = match random.u8(..3) {
            0 => (Effect::Never, &mut never),
            1 => (Effect::BeforeTheKill, &mut before),
            _ => (Effect::AfterTheNextListing, &mut late),
        };
        *count += 1;
        let request = random.usize(..REQUESTS);
        duplicates += round(&file, Moment { request, effect });
    }
    println!(
        "{rounds} runs killed, all completed by the next run, or by the one after a late deletion. \
         Effect of the interrupted request: {never} never, {before} before the kill, \
         {late} after the listing of the next run. \
         {duplicates} integrations exist twice, all because of a late effect."
    );
}
