//! The forms of one URL that a provider may have signed: some add the default port, some drop any port.

/// The URL as it is, without its port, and with the default port. No other byte is changed: a signature covers the
/// query as it was sent, not as we would write it.
pub(super) fn forms(url: &str) -> Vec<String> {
    let mut forms = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else { return forms };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    match port_start(authority) {
        Some(colon) => forms.push(format!("{scheme}://{}{tail}", &authority[..colon])),
        None => {
            let port = if scheme.eq_ignore_ascii_case("http") { 80 } else { 443 };
            forms.push(format!("{scheme}://{authority}:{port}{tail}"));
        }
    }
    forms
}

/// Where `:port` begins. Colons also stand in passwords and in IPv6 addresses.
fn port_start(authority: &str) -> Option<usize> {
    let host = authority.rfind('@').map_or(0, |at| at + 1);
    let after = authority[host..].rfind(']').map_or(host, |bracket| host + bracket);
    authority[after..].rfind(':').map(|colon| after + colon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_differs() {
        for (url, other) in [
            ("https://a.example/h?x=%20", "https://a.example:443/h?x=%20"),
            ("http://a.example", "http://a.example:80"),
            ("https://a.example:8443/h", "https://a.example/h"),
            ("https://u:p@a.example/h", "https://u:p@a.example:443/h"),
            ("https://[::1]/h", "https://[::1]:443/h"),
            ("https://[::1]:8443?q=a:b", "https://[::1]?q=a:b"),
        ] {
            assert_eq!(forms(url), [url, other]);
        }
    }
}
