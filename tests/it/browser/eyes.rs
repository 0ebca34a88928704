//! How people see who do not see as we do: in colours of their own, four times as large, with more room between letters.

use serde_json::{Value, json};

use super::desk::Desk;
use super::driver::{Driver, Scripts};
use super::pages::PUBLIC;
use super::pictures::Camera;
use super::stage::Stage;
use super::window::Window;
use crate::demo::child::Demo;

/// A desk's screen of 1280 by 1024 pixels at 400 %: WCAG 2.2, 1.4.10 Reflow.
const ZOOMED: [u32; 3] = [320, 256, 4];
/// The same screen as it is.
const PLAIN: [u32; 3] = [1280, 1024, 1];
/// The room that readers may give to letters, words and lines: WCAG 2.2, 1.4.12 Text Spacing.
const SPACED: &str = "const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }\
        p { margin-bottom: 2em !important }');
    document.adoptedStyleSheets = [sheet];";
/// What is cut off, or stands still over what moves on a small screen: nothing may. A field of one line is moved in by
/// its reader.
const CUT: &str =
    "const hidden = e => e.closest('.nhsuk-u-visually-hidden, svg, input, select, textarea') || !e.getClientRects().length;
    const cut = [...document.body.querySelectorAll('*')].filter(e => {
        if (hidden(e)) return false;
        const style = getComputedStyle(e);
        const clips = style.overflowX === 'hidden' || style.overflowX === 'clip' || style.textOverflow === 'ellipsis';
        const stays = innerWidth < 600 && ['fixed', 'sticky'].includes(style.position);
        return stays || (clips && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1));
    });
    return cut.slice(0, 3).map(e => e.outerHTML.slice(0, 160)).join('\\n');";
/// What is not told without colours: a status without a word, a shape or an edge; a button or a field without an edge.
const UNTOLD: &str = "const wrong = [];
    const say = (what, e) => wrong.push(what + ': ' + e.outerHTML.slice(0, 160));
    const seen = e => e.checkVisibility() && !e.closest('.nhsuk-u-visually-hidden, details:not([open]) > :not(summary)');
    const edge = style => ['Top', 'Left'].every(side => style['border' + side + 'Style'] !== 'none'
        && parseFloat(style['border' + side + 'Width']) >= 1 && style['border' + side + 'Color'] !== style.backgroundColor);
    if (!matchMedia('(forced-colors: active)').matches) say('not forced', document.body);
    for (const tag of document.querySelectorAll('.nhsuk-tag')) {
        if (!seen(tag)) continue;
        const style = getComputedStyle(tag), svg = tag.querySelector('svg');
        if (!tag.textContent.trim()) say('no word', tag);
        if (!edge(style)) say('no edge', tag);
        if (svg && (getComputedStyle(svg).stroke === style.backgroundColor || svg.getBoundingClientRect().width < 8)) say('no shape', tag);
    }
    const fields = 'button:not(.nhsuk-button--link), .nhsuk-button, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select, textarea';
    for (const field of document.querySelectorAll(fields)) {
        if (seen(field) && !edge(getComputedStyle(field))) say('no edge', field);
    }
    const [now, ahead] = ['.app-now', '.app-steps li:not(.app-now):not(.app-done)'].map(css => document.querySelector(css));
    if (now && ahead && getComputedStyle(now).borderTopStyle === getComputedStyle(ahead).borderTopStyle) say('no step', now);
    for (const bar of document.querySelectorAll('.app-strip path')) {
        if (getComputedStyle(bar).fill === getComputedStyle(document.documentElement).backgroundColor) say('no bar', bar);
    }
    return wrong.slice(0, 6).join('\\n');";
/// What has the focus and does not show it.
const UNFOCUSED: &str = "const lost = [];
    for (const e of [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].slice(0, 60)) {
        if (!e.getClientRects().length) continue;
        e.focus({ focusVisible: true });
        const style = getComputedStyle(e);
        if (document.activeElement !== e) continue;
        if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2 || style.outlineColor === style.backgroundColor) lost.push(e.outerHTML.slice(0, 160));
    }
    return lost.slice(0, 3).join('\\n');";

/// Every kind of page, public and staff's, with a window that may see it.
struct Tour {
    window: Window,
    urls: Vec<String>,
}

async fn tours(demo: &Demo, driver: &Driver) -> [Tour; 2] {
    let stage = Stage::set(demo).await;
    let mut urls = Vec::new();
    for (_, english, welsh) in PUBLIC {
        urls.extend([english, welsh].map(|path| format!("{}{path}", demo.sheet.page)));
    }
    urls.extend(["en", "cy"].map(|language| stage.incident[language].as_str().expect("an address").to_owned()));
    urls.extend(["/en/press", "/embed/en/nhs-wales.html"].map(|path| format!("{}{path}", demo.sheet.page)));
    let public = Tour { window: driver.open(Scripts::Allowed).await, urls };
    let desk = Desk::of("author", demo, driver, Scripts::Allowed).await;
    let next = format!("{}/update", stage.desk);
    let paths = ["/incidents", &stage.desk, &next, &stage.review, "/incidents/new", "/account"];
    let urls = paths.map(|path| format!("{}{path}", demo.sheet.authoring)).to_vec();
    [public, Tour { window: desk.window, urls }]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_told_in_the_readers_own_colours() {
    let (demo, driver) = (Demo::start(&["--paused", "--speed", "1"]).await, Driver::start());
    let (camera, mut wrong) = (Camera::new(), Vec::new());
    for Tour { window, urls } in tours(&demo, &driver).await {
        for url in urls {
            window.open(&url).await;
            let forced = json!([{ "name": "forced-colors", "value": "active" }]);
            window.devtools("Emulation.setEmulatedMedia", json!({ "media": "", "features": forced })).await;
            for question in [UNTOLD, UNFOCUSED] {
                note(&mut wrong, &url, &window.run(question).await);
            }
            camera.takes_forced(&window, &url).await;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_cut_off_at_400_percent_or_with_more_room_between_letters() {
    let (demo, driver) = (Demo::start(&["--paused", "--speed", "1"]).await, Driver::start());
    let mut wrong = Vec::new();
    for Tour { window, urls } in tours(&demo, &driver).await {
        for url in urls {
            window.open(&url).await;
            for (name, screen, spaced) in [("400 %", ZOOMED, false), ("spaced", PLAIN, true), ("both", ZOOMED, true)] {
                let [width, height, scale] = screen;
                let size = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false });
                window.devtools("Emulation.setDeviceMetricsOverride", size).await;
                if spaced {
                    window.run(SPACED).await;
                }
                let (pixels, what) = window.overflow().await;
                if pixels > 0 {
                    wrong.push(format!("{url}, {name}: {pixels} pixels to the side: {what}"));
                }
                note(&mut wrong, &format!("{url}, {name}, cut off"), &window.run(CUT).await);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn note(wrong: &mut Vec<String>, name: &str, found: &Value) {
    let found = found.as_str().expect("words");
    if !found.is_empty() {
        wrong.push(format!("{name}: {found}"));
    }
}
