//! Pages on paper: A4, black on white, without what cannot be pressed there, and with the address where there is more.

use base64::Engine as _;
use serde_json::{Value, json};

use super::driver::{Driver, Scripts};
use super::stage::Stage;
use super::window::Window;
use crate::demo::child::Demo;

/// A4 in inches.
const PAPER: (f64, f64) = (8.27, 11.69);
/// What is of no use on paper, and what cannot be read there.
const WRONG: &str = "const seen = e => e.getClientRects().length > 0;
    const wrong = [...document.querySelectorAll('header, nav, form, button, input, .nhsuk-skip-link')].filter(seen);
    const light = color => { const [r, g, b] = color.match(/[0-9.]+/g).map(Number); return (r + g + b) / 3 > 120; };
    const pale = [...document.querySelectorAll('main *')].filter(e => seen(e) && !e.closest('svg')
        && [...e.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()) && light(getComputedStyle(e).color));
    const ground = getComputedStyle(document.documentElement).backgroundColor;
    const address = document.querySelector('.app-onpaper');
    return {
        wrong: [...wrong, ...pale].slice(0, 4).map(e => e.outerHTML.slice(0, 120) + ' ' + getComputedStyle(e).color),
        ground, address: address && seen(address) ? address.innerText : '',
    };";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_printed_on_a4_black_on_white_with_its_address() {
    let (demo, driver) = (Demo::start(&["--paused", "--speed", "1"]).await, Driver::start());
    let stage = Stage::set(&demo).await;
    let window = driver.open(Scripts::Allowed).await;
    let incident = |language: &str| stage.incident[language].as_str().expect("an address").to_owned();
    let at = |path: &str| format!("{}{path}", demo.sheet.page);
    for (url, most) in [
        (at("/en/"), 4),
        (at("/cy/"), 4),
        (incident("en"), 4),
        (incident("cy"), 4),
        (at("/en/services"), 3),
        (at("/en/services/gp-appt"), 2),
        (at("/en/areas/cavuhb"), 3),
        (at("/en/planned"), 1),
    ] {
        window.open(&url).await;
        // Whoever reads white on black prints black on white all the same.
        let dark = json!([{ "name": "prefers-color-scheme", "value": "dark" }]);
        window.devtools("Emulation.setEmulatedMedia", json!({ "media": "print", "features": dark })).await;
        let found = window.run(WRONG).await;
        assert_eq!(found["wrong"], json!([]), "{url}");
        assert_eq!(found["ground"], "rgb(255, 255, 255)", "{url}");
        assert_eq!(found["address"], Value::from(url.split('#').next()), "paper says where there is more");
        let pages = pages_of(&printed(&window).await);
        assert!((1..=most).contains(&pages), "{url} takes {pages} pages");
    }
}

async fn printed(window: &Window) -> Vec<u8> {
    let (width, height) = PAPER;
    let wanted =
        json!({ "paperWidth": width, "paperHeight": height, "preferCSSPageSize": true, "printBackground": true });
    let printed = window.devtools("Page.printToPDF", wanted).await;
    let printed = printed["data"].as_str().expect("a document");
    base64::engine::general_purpose::STANDARD.decode(printed).expect("base 64")
}

/// How many sheets a document has, all of which are A4.
fn pages_of(document: &[u8]) -> usize {
    let text = String::from_utf8_lossy(document);
    let sizes: Vec<&str> = text.split("/MediaBox [").skip(1).filter_map(|rest| rest.split(']').next()).collect();
    assert!(!sizes.is_empty(), "the sheets can be counted");
    for size in &sizes {
        let numbers: Vec<f64> = size.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        assert!((numbers[2] - 595.0).abs() < 2.0 && (numbers[3] - 842.0).abs() < 2.0, "not A4: {size}");
    }
    sizes.len()
}
