use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::CustomIntegration;

/// A reason why Duvo may not reach an MCP server by its URL, or why the URL is unsafe.
/// Returned by [`CustomIntegration::concerns`].
///
/// `Display` describes the cause and how to resolve it, without the URL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlConcern {
    /// The scheme is http. By Duvo's user guide, the server must be reachable over public
    /// HTTPS.
    NotHttps,
    /// The URL contains a user name or a password.
    Credentials,
    /// The host is an IP address that is not public, by IANA's registries of
    /// special-purpose addresses.
    NonPublicAddress {
        /// The address. An IPv4 address that is embedded in an IPv6 address is not
        /// extracted here.
        address: IpAddr,
        /// The range that the address, or the embedded one, belongs to.
        range: AddressRange,
    },
    /// The host is a name that is not delegated on the internet, by RFC 6761 and later
    /// reservations, or by widespread use in local networks.
    NonPublicName {
        /// The reserved name: the host, or the end of it, such as `local`.
        reserved: &'static str,
    },
    /// The host is a name without a dot, which only a local network resolves.
    SingleLabelHost,
    /// The host ends in a dot. Many servers and certificates do not match such a name.
    TrailingDot,
    /// The port is not the default of the scheme. Duvo documents no restriction, but
    /// firewalls and other services often allow only 443.
    UnusualPort {
        /// The port.
        port: u16,
    },
    /// The URL has a fragment, which is never sent to a server.
    Fragment,
}

/// A range of IP addresses that are not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AddressRange {
    /// The machine itself: 127.0.0.0/8, `::1`.
    Loopback,
    /// A private network: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, `64:ff9b:1::/48`,
    /// `fec0::/10`.
    Private,
    /// A private network in IPv6: `fc00::/7`.
    UniqueLocal,
    /// A single link, which includes the metadata services of clouds: 169.254.0.0/16,
    /// `fe80::/10`.
    LinkLocal,
    /// The network of a provider behind carrier-grade NAT: 100.64.0.0/10.
    Shared,
    /// No address: 0.0.0.0, `::`.
    Unspecified,
    /// Documentation: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, `2001:db8::/32`,
    /// `3fff::/20`.
    Documentation,
    /// Benchmarks: 198.18.0.0/15, `2001:2::/48`.
    Benchmarking,
    /// Multicast: 224.0.0.0/4, `ff00::/8`.
    Multicast,
    /// Broadcast: 255.255.255.255.
    Broadcast,
    /// Any other range that is not public, such as 0.0.0.0/8, 240.0.0.0/4, `100::/64` and
    /// everything outside `2000::/3`.
    Reserved,
}

/// The names that are not delegated on the internet.
const NON_PUBLIC_NAMES: [&str; 16] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "test",
    "example",
    "invalid",
    "onion",
    "alt",
    "home.arpa",
    "home",
    "lan",
    "corp",
    "intranet",
    "private",
    "mail",
];

impl CustomIntegration {
    /// Returns the reasons why Duvo may not reach the MCP server by its URL, or why the URL
    /// is unsafe. Returns an empty list if there are none.
    ///
    /// A concern does not prevent a registration, because only Duvo knows what it accepts
    /// and reaches. Only the URL is examined, and no name is resolved, so an empty list does
    /// not mean that Duvo reaches the server.
    ///
    /// ```
    /// use duvo::{Auth, CustomIntegration, UrlConcern};
    ///
    /// let crm = CustomIntegration::new("CRM", "http://10.0.0.1/mcp", Auth::Url)?;
    /// for concern in crm.concerns() {
    ///     eprintln!("warning: {concern}");
    /// }
    /// assert_eq!(crm.concerns()[0], UrlConcern::NotHttps);
    /// # Ok::<(), duvo::Error>(())
    /// ```
    #[must_use]
    pub fn concerns(&self) -> Vec<UrlConcern> {
        Url::parse(self.server_url()).map_or_else(|_| Vec::new(), |url| concerns(&url))
    }
}

fn concerns(url: &Url) -> Vec<UrlConcern> {
    let mut concerns = Vec::new();
    if url.scheme() != "https" {
        concerns.push(UrlConcern::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() {
        concerns.push(UrlConcern::Credentials);
    }
    match url.host() {
        Some(Host::Domain(name)) => concerns.extend(name_concerns(name)),
        Some(Host::Ipv4(address)) => concerns.extend(address_concern(address.into())),
        Some(Host::Ipv6(address)) => concerns.extend(address_concern(address.into())),
        None => {}
    }
    if let Some(port) = url.port() {
        concerns.push(UrlConcern::UnusualPort { port });
    }
    if url.fragment().is_some() {
        concerns.push(UrlConcern::Fragment);
    }
    concerns
}

/// Returns the concerns about a host name, which is in lower case.
fn name_concerns(name: &str) -> Vec<UrlConcern> {
    let without_dot = name.strip_suffix('.').unwrap_or(name);
    let is_within = |reserved: &&&str| {
        let before = without_dot.strip_suffix(**reserved);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let mut concerns = Vec::new();
    if let Some(reserved) = NON_PUBLIC_NAMES.iter().find(is_within) {
        concerns.push(UrlConcern::NonPublicName { reserved });
    } else if !without_dot.contains('.') {
        concerns.push(UrlConcern::SingleLabelHost);
    }
    if without_dot.len() < name.len() {
        concerns.push(UrlConcern::TrailingDot);
    }
    concerns
}

fn address_concern(address: IpAddr) -> Option<UrlConcern> {
    let range = match address {
        IpAddr::V4(address) => ipv4_range(address),
        IpAddr::V6(address) => ipv6_range(address),
    };
    range.map(|range| UrlConcern::NonPublicAddress { address, range })
}

/// Returns the range of an address that is not public, by IANA's IPv4 Special-Purpose
/// Address Registry.
fn ipv4_range(address: Ipv4Addr) -> Option<AddressRange> {
    let range = match address.octets() {
        [0, 0, 0, 0] => AddressRange::Unspecified,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => AddressRange::Private,
        [100, 64..=127, ..] => AddressRange::Shared,
        [127, ..] => AddressRange::Loopback,
        [169, 254, ..] => AddressRange::LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => AddressRange::Documentation,
        [198, 18..=19, ..] => AddressRange::Benchmarking,
        [224..=239, ..] => AddressRange::Multicast,
        [255, 255, 255, 255] => AddressRange::Broadcast,
        [0 | 240..=255, ..] | [192, 0, 0, _] | [192, 88, 99, _] => AddressRange::Reserved,
        _ => return None,
    };
    Some(range)
}

/// Returns the range of an address that is not public, by IANA's IPv6 Special-Purpose
/// Address Registry. An embedded IPv4 address decides about its own range.
fn ipv6_range(address: Ipv6Addr) -> Option<AddressRange> {
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        ipv4_range(Ipv4Addr::new(a, b, c, d))
    };
    let range = match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => AddressRange::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => AddressRange::Loopback,
        // Mapped, compatible and translated IPv4 addresses, and 6to4.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => return embedded(high, low),
        [0x64, 0xff9b, 1, ..] | [0xfec0..=0xfeff, ..] => AddressRange::Private,
        [0xfc00..=0xfdff, ..] => AddressRange::UniqueLocal,
        [0xfe80..=0xfebf, ..] => AddressRange::LinkLocal,
        [0xff00..=0xffff, ..] => AddressRange::Multicast,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => AddressRange::Documentation,
        [0x2001, 2, 0, ..] => AddressRange::Benchmarking,
        // Teredo and ORCHID, and all that is not global unicast.
        [0x2001, 0 | 0x10..=0x2f, ..] => AddressRange::Reserved,
        [0x2000..=0x3fff, ..] => return None,
        _ => AddressRange::Reserved,
    };
    Some(range)
}

impl AddressRange {
    /// Returns the range in snake case, such as `link_local`, for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::UniqueLocal => "unique_local",
            Self::LinkLocal => "link_local",
            Self::Shared => "shared",
            Self::Unspecified => "unspecified",
            Self::Documentation => "documentation",
            Self::Benchmarking => "benchmarking",
            Self::Multicast => "multicast",
            Self::Broadcast => "broadcast",
            Self::Reserved => "reserved",
        }
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for UrlConcern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`server_url` ")?;
        match self {
            Self::NotHttps => f.write_str(
                "uses http, but Duvo must reach the server over public HTTPS; use https",
            ),
            Self::Credentials => f.write_str(
                "contains credentials, which are stored and displayed with the URL; remove them, and use the auth method `apikey`, `headers` or `oauth`",
            ),
            Self::NonPublicAddress { address, range } => {
                let range = range.as_str().replace('_', "-");
                write!(
                    f,
                    "has the {range} address {address}, which is not reachable from the internet; use the public name of the server",
                )
            }
            Self::NonPublicName { reserved } => write!(
                f,
                "has a host of the domain `{reserved}`, which does not exist on the internet; use the public name of the server",
            ),
            Self::SingleLabelHost => f.write_str(
                "has a host name without a domain, which only a local network resolves; use the public name of the server",
            ),
            Self::TrailingDot => f.write_str(
                "has a host name that ends in a dot, which many servers and certificates do not match; remove the dot",
            ),
            Self::UnusualPort { port } => write!(
                f,
                "has the port {port}, which a firewall between Duvo and the server may block; use the default port if Duvo cannot connect",
            ),
            Self::Fragment => {
                f.write_str("has a fragment, which is never sent to a server; remove it")
            }
        }
    }
}
