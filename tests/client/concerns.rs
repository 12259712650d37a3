//! Concerns about the URL of an MCP server, which do not prevent a registration.

use duvo::{AddressRange, Auth, CustomIntegration, UrlConcern};

fn concerns(url: &str) -> Vec<UrlConcern> {
    let integration = CustomIntegration::new("CRM", url, Auth::Url);
    integration.unwrap().concerns()
}

#[test]
fn public_https_url_is_of_no_concern() {
    for url in [
        "https://mcp.example.com/mcp",
        "https://MCP.Example.com:443/mcp?tenant=1",
        "https://localhost.example.com",
        "https://internal.example.com",
        "https://notlocal",
        "https://mcp.contest.org",
        "https://xn--exmple-cua.com/",
        "https://8.8.8.8/mcp",
        "https://172.15.0.1",
        "https://172.32.0.1",
        "https://100.63.255.255",
        "https://100.128.0.1",
        "https://[2606:4700::1111]/mcp",
        "https://[::ffff:8.8.8.8]/",
        "https://[64:ff9b::808:808]/",
    ] {
        // A single label is a different concern.
        let expected: &[_] = if url.ends_with("notlocal") {
            &[UrlConcern::SingleLabelHost]
        } else {
            &[]
        };
        assert_eq!(concerns(url), expected, "{url}");
    }
}

#[test]
fn addresses_that_are_not_public_are_of_concern() {
    use AddressRange::{
        Benchmarking, Broadcast, Documentation, LinkLocal, Loopback, Multicast, Private, Reserved,
        Shared, UniqueLocal, Unspecified,
    };
    for (host, expected) in [
        ("127.0.0.1", Loopback),
        ("127.255.255.254", Loopback),
        ("127.1", Loopback),
        ("0x7f000001", Loopback),
        ("2130706433", Loopback),
        ("0177.0.0.1", Loopback),
        ("10.0.0.1", Private),
        ("172.16.0.1", Private),
        ("172.31.255.255", Private),
        ("192.168.1.1", Private),
        ("169.254.169.254", LinkLocal),
        ("100.64.0.1", Shared),
        ("100.127.255.255", Shared),
        ("0.0.0.0", Unspecified),
        ("0", Unspecified),
        ("0.1.2.3", Reserved),
        ("192.0.0.1", Reserved),
        ("192.0.2.1", Documentation),
        ("198.51.100.1", Documentation),
        ("203.0.113.1", Documentation),
        ("198.18.0.1", Benchmarking),
        ("198.19.255.255", Benchmarking),
        ("224.0.0.1", Multicast),
        ("239.255.255.255", Multicast),
        ("240.0.0.1", Reserved),
        ("255.255.255.255", Broadcast),
        ("[::1]", Loopback),
        ("[::]", Unspecified),
        ("[fc00::1]", UniqueLocal),
        ("[fd12:3456::1]", UniqueLocal),
        ("[fe80::1]", LinkLocal),
        ("[fec0::1]", Private),
        ("[ff02::1]", Multicast),
        ("[2001:db8::1]", Documentation),
        ("[3fff::1]", Documentation),
        ("[2001:2::1]", Benchmarking),
        ("[2001::1]", Reserved),
        ("[100::1]", Reserved),
        ("[4000::1]", Reserved),
        ("[::ffff:127.0.0.1]", Loopback),
        ("[::ffff:10.0.0.1]", Private),
        ("[::ffff:a9fe:a9fe]", LinkLocal),
        ("[::10.0.0.1]", Private),
        ("[::ffff:0:10.0.0.1]", Private),
        ("[64:ff9b::10.0.0.1]", Private),
        ("[64:ff9b:1::1]", Private),
        ("[2002:a00:1::1]", Private),
    ] {
        let found = concerns(&format!("https://{host}/mcp"));
        let [UrlConcern::NonPublicAddress { range, .. }] = found[..] else {
            panic!("{host}: {found:?}");
        };
        assert_eq!(range, expected, "{host}");
    }
}

#[test]
fn names_that_the_internet_does_not_have_are_of_concern() {
    for (host, expected) in [
        ("localhost", "localhost"),
        ("LocalHost", "localhost"),
        ("mcp.localhost", "localhost"),
        ("localhost.localdomain", "localdomain"),
        ("crm.local", "local"),
        ("crm.default.svc.cluster.local", "local"),
        ("host.docker.internal", "internal"),
        ("crm.test", "test"),
        ("crm.example", "example"),
        ("crm.invalid", "invalid"),
        ("crm.lan", "lan"),
        ("crm.corp", "corp"),
        ("router.home.arpa", "home.arpa"),
        ("crm.onion", "onion"),
    ] {
        let found = concerns(&format!("https://{host}/mcp"));
        assert_eq!(
            found,
            [UrlConcern::NonPublicName { reserved: expected }],
            "{host}"
        );
    }
    assert_eq!(concerns("https://crm/mcp"), [UrlConcern::SingleLabelHost]);
    assert_eq!(
        concerns("https://mcp.example.com./mcp"),
        [UrlConcern::TrailingDot]
    );
    assert_eq!(
        concerns("https://localhost./mcp"),
        [
            UrlConcern::NonPublicName {
                reserved: "localhost"
            },
            UrlConcern::TrailingDot
        ]
    );
    assert_eq!(
        concerns("https://crm./mcp"),
        [UrlConcern::SingleLabelHost, UrlConcern::TrailingDot]
    );
}

#[test]
fn scheme_credentials_port_and_fragment_are_of_concern() {
    assert_eq!(
        concerns("http://user:word@mcp.example.com:8080/mcp#a"),
        [
            UrlConcern::NotHttps,
            UrlConcern::Credentials,
            UrlConcern::UnusualPort { port: 8080 },
            UrlConcern::Fragment,
        ]
    );
    assert_eq!(
        concerns("https://:word@mcp.example.com"),
        [UrlConcern::Credentials]
    );
    assert_eq!(
        concerns("http://mcp.example.com:80"),
        [UrlConcern::NotHttps]
    );
    assert_eq!(
        concerns("https://mcp.example.com:8443"),
        [UrlConcern::UnusualPort { port: 8443 }]
    );
}

/// URLs with every concern, for the messages.
pub const URLS_OF_CONCERN: [&str; 5] = [
    "http://user:hunter2@mcp.example.com:8080/hunter2?hunter2#hunter2",
    "https://[::ffff:169.254.169.254]/",
    "https://crm.local/",
    "https://crm/",
    "https://mcp.example.com./",
];

#[test]
fn concern_does_not_repeat_what_can_be_secret() {
    for url in URLS_OF_CONCERN {
        for concern in concerns(url) {
            let printed = format!("{concern} {concern:?}");
            assert!(printed.starts_with("`server_url` "), "{printed}");
            assert!(!printed.contains("hunter2"), "{printed}");
        }
    }
}
