use std::sync::OnceLock;

use url::Url;

/// The parsed URLs of the first four distinct paths. Entries are never evicted.
///
/// Most programs call a few paths again and again. Parsing the URL for each call
/// would cost 3,100 instructions (`docs/benchmarks.md`).
pub(super) struct UrlCache {
    base_url: Url,
    urls: [OnceLock<Url>; 4],
}

impl UrlCache {
    pub(super) fn new(base_url: Url) -> Self {
        Self {
            base_url,
            urls: [const { OnceLock::new() }; 4],
        }
    }

    /// Returns the base URL with another path.
    pub(super) fn url(&self, path: &str) -> Url {
        let parse = || {
            let mut url = self.base_url.clone();
            url.set_path(path);
            url
        };
        self.urls
            .iter()
            .map(|url| url.get_or_init(parse))
            .find(|url| url.path() == path)
            .cloned()
            .unwrap_or_else(parse)
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::UrlCache;

    #[test]
    fn returns_url_of_every_path_within_and_beyond_its_capacity() {
        let cache = UrlCache::new(Url::parse("https://example.com:8443/base").unwrap());
        for _ in 0..2 {
            for n in 0..6 {
                let url = cache.url(&format!("/base/{n}"));
                assert_eq!(url.as_str(), format!("https://example.com:8443/base/{n}"));
            }
        }
        let cached = cache.urls.iter().filter_map(|url| url.get());
        let paths: Vec<_> = cached.map(Url::path).collect();
        assert_eq!(paths, ["/base/0", "/base/1", "/base/2", "/base/3"]);
    }
}
