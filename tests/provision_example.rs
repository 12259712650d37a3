//! The example that provisions from a file, run as a user runs it.

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use support::API_KEY;
use support::catalogue::{Catalogue, Registration};
use support::example::{example, stderr, stdout};

const FILE: &str = r#"
team = "team_1"

[[integration]]
name = "Price list"
server_url = "https://mcp.example.com/price-list"
auth_method = "apikey"

[[integration]]
name = "Internal CRM"
server_url = "https://mcp.example.com/crm"
auth_method = "oauth"
oauth_client_id = "duvo-crm"
oauth_client_secret_variable = "CRM_CLIENT_SECRET"
"#;

fn provision(name: &str, text: &str, catalogue: &Catalogue) -> Output {
    let file: PathBuf = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&file, text).unwrap();
    example("provision")
        .arg(file)
        .env("DUVO_API_KEY", API_KEY)
        .env("DUVO_API_BASE_URL", catalogue.url())
        .env("CRM_CLIENT_SECRET", "hunter2")
        .output()
        .unwrap()
}

#[test]
fn a_run_may_be_repeated() {
    let catalogue = Catalogue::of(vec![]);
    let first = provision("repeated.toml", FILE, &catalogue);
    assert_eq!(
        stdout(&first),
        "Price list               created id-1\n\
         Internal CRM             created id-2\n\
         \n2 of 2 are there\n",
        "{}",
        stderr(&first)
    );
    let second = provision("repeated.toml", FILE, &catalogue);
    assert_eq!(
        stdout(&second),
        "Price list               was there: id-1\n\
         Internal CRM             was there: id-2\n\
         \n2 of 2 are there\n"
    );
    assert!(second.status.success());
    assert_eq!(catalogue.entries().len(), 2);
}

#[test]
fn a_run_that_failed_half_way_is_completed_by_another() {
    let registrations = [Registration::Answered, Registration::Refused];
    let catalogue = Catalogue::of(vec![]).with_registrations(&registrations);
    let first = provision("half-way.toml", FILE, &catalogue);
    assert!(
        stdout(&first).contains("Internal CRM             failed: "),
        "{first:?}"
    );
    assert!(stdout(&first).contains("1 of 2 are there"), "{first:?}");
    assert!(!first.status.success());
    let second = provision("half-way.toml", FILE, &catalogue);
    assert!(stdout(&second).contains("2 of 2 are there"), "{second:?}");
    assert_eq!(catalogue.entries().len(), 2);
}

#[test]
fn every_fault_of_the_file_is_told_before_anything_is_registered() {
    let catalogue = Catalogue::of(vec![]);
    for (from, to, said) in [
        (
            "CRM_CLIENT_SECRET",
            "NO_SUCH_VARIABLE",
            "`Internal CRM`: the environment has no NO_SUCH_VARIABLE",
        ),
        (
            "https://mcp.example.com/crm",
            "crm",
            "`Internal CRM`: `server_url` is not an absolute URL",
        ),
        (
            "auth_method = \"oauth\"",
            "auth_method = \"url\"",
            "an OAuth client goes with `oauth` only",
        ),
        ("oauth_client_id", "client_id", "unknown field `client_id`"),
    ] {
        let output = provision("faulty.toml", &FILE.replace(from, to), &catalogue);
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
        assert!(!stderr(&output).contains("hunter2"));
        assert!(!output.status.success());
    }
    assert_eq!(catalogue.requests().len(), 0);
}
