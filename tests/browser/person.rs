//! Somebody at a browser: opens, fills, presses, sees. Every verb waits for what it needs, never for time alone.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::chrome::Chrome;

pub struct Person {
    pub name: String,
    pub driver: WebDriver,
    url: String,
}

const PATIENCE: Duration = Duration::from_secs(20);

impl Person {
    pub fn new(name: &str, driver: WebDriver, url: &str) -> Self {
        Self { name: name.to_owned(), driver, url: url.to_owned() }
    }

    /// Opens an address of ours, or a whole one from a mail.
    pub async fn open(&self, path: &str) {
        let address = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) };
        self.driver.goto(&address).await.unwrap_or_else(|e| panic!("{} cannot open {path}: {e}", self.name));
    }

    pub async fn path(&self) -> String {
        let url = self.driver.current_url().await.expect("an address");
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }

    /// What the page shows as text.
    pub async fn text(&self) -> String {
        match self.driver.find(By::Tag("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until the condition holds; says what was missing, and what was there, if it never does.
    pub async fn until<F, Fut>(&self, what: &str, mut holds: F)
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = bool>,
    {
        let deadline = Instant::now() + PATIENCE;
        while !holds().await {
            if Instant::now() > deadline {
                let shot = self.screenshot("failed").await;
                panic!(
                    "{} never saw: {what}\nat {}\n(screenshot {})\n{}",
                    self.name,
                    self.path().await,
                    shot.display(),
                    self.text().await
                );
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Waits until the page shows these words.
    pub async fn sees(&self, words: &str) {
        self.until(words, || async { self.text().await.to_lowercase().contains(&words.to_lowercase()) }).await;
    }

    pub async fn sees_not(&self, words: &str) {
        let text = self.text().await;
        assert!(!text.to_lowercase().contains(&words.to_lowercase()), "{} sees `{words}`: {text}", self.name);
    }

    /// Waits until the address begins with this.
    pub async fn is_at(&self, path: &str) {
        self.until(&format!("the address {path}"), || async { self.path().await.starts_with(path) }).await;
    }

    async fn find(&self, what: &str, by: By) -> WebElement {
        let deadline = Instant::now() + PATIENCE;
        loop {
            for element in self.driver.find_all(by.clone()).await.unwrap_or_default() {
                if element.is_displayed().await.unwrap_or(false) {
                    return element;
                }
            }
            if Instant::now() > deadline {
                let shot = self.screenshot("failed").await;
                panic!(
                    "{} does not find {what} at {} (screenshot {})\n{}",
                    self.name,
                    self.path().await,
                    shot.display(),
                    self.text().await
                );
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// The first visible element of this CSS selector.
    pub async fn element(&self, css: &str) -> WebElement {
        self.find(css, By::Css(css.to_owned())).await
    }

    /// Types into the field of this name (or of this CSS selector), instead of what is there.
    pub async fn fill(&self, name: &str, value: &str) {
        let css = if name.contains('[') { name.to_owned() } else { format!("[name='{name}']") };
        let field = self.element(&css).await;
        let tag = field.tag_name().await.unwrap_or_default();
        let kind = field.attr("type").await.ok().flatten().unwrap_or_default();
        if tag == "select" {
            let script = "const o=[...arguments[0].options].find(o=>o.value===arguments[1]||o.text.trim()===arguments[1]||o.text.includes(arguments[1]));\
                 if(!o)throw new Error('no option '+arguments[1]);arguments[0].value=o.value;\
                 arguments[0].dispatchEvent(new Event('input',{bubbles:true}));arguments[0].dispatchEvent(new Event('change',{bubbles:true}));";
            let arguments = vec![field.to_json().expect("an element"), serde_json::json!(value)];
            self.driver.execute(script, arguments).await.unwrap_or_else(|e| panic!("{}: {name}={value}: {e}", self.name));
        } else if kind == "date" || kind == "color" {
            let script = "arguments[0].value=arguments[1];arguments[0].dispatchEvent(new Event('input',{bubbles:true}));\
                          arguments[0].dispatchEvent(new Event('change',{bubbles:true}));";
            let arguments = vec![field.to_json().expect("an element"), serde_json::json!(value)];
            self.driver.execute(script, arguments).await.expect("the value is set");
        } else {
            field.clear().await.unwrap_or_else(|e| panic!("{}: clear {name}: {e}", self.name));
            field.send_keys(value).await.unwrap_or_else(|e| panic!("{}: type into {name}: {e}", self.name));
        }
    }

    /// A file into a file field.
    pub async fn attach(&self, name: &str, files: &[PathBuf]) {
        let field = self.driver.find(By::Css(format!("input[type=file][name='{name}']"))).await.expect("a file field");
        let list = files.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join("\n");
        field.send_keys(list).await.expect("the files are chosen");
    }

    /// Ticks a box or chooses a radio button, by its CSS selector; through its label where it is hidden.
    pub async fn tick(&self, css: &str) {
        let script =
            "const e=document.querySelector(arguments[0]);if(!e)throw new Error('no '+arguments[0]);if(!e.checked)e.click();";
        let deadline = Instant::now() + PATIENCE;
        while let Err(error) = self.driver.execute(script, vec![serde_json::json!(css)]).await {
            assert!(Instant::now() < deadline, "{}: {css}: {error}", self.name);
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Presses the button or link with these words.
    pub async fn press(&self, words: &str) {
        let quoted = format!("\"{words}\"");
        let by = By::XPath(format!(
            "//button[contains(normalize-space(.), {quoted})] | //a[contains(normalize-space(.), {quoted})] | //summary[contains(normalize-space(.), {quoted})] \
             | //input[@type='submit' and contains(@value, {quoted})]"
        ));
        let button = self.find(&format!("the button “{words}”"), by).await;
        self.click(&button, words).await;
    }

    /// Presses what this CSS selector finds.
    pub async fn press_css(&self, css: &str) {
        let button = self.element(css).await;
        self.click(&button, css).await;
    }

    async fn click(&self, button: &WebElement, what: &str) {
        let _ = button.scroll_into_view().await;
        if button.click().await.is_err() {
            // Something floats above it (a toast): the click itself is what matters here.
            let arguments = vec![button.to_json().expect("an element")];
            self.driver
                .execute("arguments[0].click()", arguments)
                .await
                .unwrap_or_else(|e| panic!("{}: press {what}: {e}", self.name));
        }
    }

    /// A screenshot under `target/screenshots`.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let folder =
            std::env::var("SCREENSHOTS").map_or_else(|_| std::env::temp_dir().join("one-legal-screenshots"), PathBuf::from);
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(format!("{name}-{}.png", self.name.to_lowercase()));
        let _ = self.driver.screenshot(&path).await;
        path
    }

    /// The whole page as a desk and a phone show it, by day and by night, under `target/shots`.
    /// Only with SHOTS set: eight pictures take as many seconds.
    pub async fn photographed(&self, chrome: &Chrome, name: &str) {
        if std::env::var_os("SHOTS").is_none() {
            return;
        }
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/shots");
        std::fs::create_dir_all(&folder).expect("a folder");
        let tool = |command: &'static str, params: Value| chrome.tool(&self.driver, command, params);
        for width in [1280, 390] {
            let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 640 });
            tool("Emulation.setDeviceMetricsOverride", size).await;
            for scheme in ["light", "dark"] {
                tool("Emulation.setEmulatedMedia", json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }, { "name": "prefers-reduced-motion", "value": "reduce" }] }))
                    .await;
                let painted = "const done=arguments[0];requestAnimationFrame(()=>requestAnimationFrame(()=>setTimeout(done,100)));";
                self.driver.execute_async(painted, vec![]).await.expect("painted");
                let shot = tool("Page.captureScreenshot", json!({ "captureBeyondViewport": true })).await;
                let file = folder.join(format!("{name}-{}-{width}-{scheme}.png", self.name.to_lowercase()));
                let data = shot["data"].as_str().expect("a picture");
                let data = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data).expect("base64");
                std::fs::write(file, data).expect("written");
            }
        }
        tool("Emulation.setEmulatedMedia", json!({ "features": [] })).await;
        tool("Emulation.clearDeviceMetricsOverride", json!({})).await;
    }

    /// Sign-in at the firm's door with password and code.
    pub async fn signs_in(&self, email: &str, password: &str, code: &str) {
        self.gives_password(email, password).await;
        self.gives_code(code).await;
    }

    /// The first half of a sign-in; a code asked for after it is fresh however long this took.
    pub async fn gives_password(&self, email: &str, password: &str) {
        self.open("/login").await;
        self.fill("email", email).await;
        self.fill("password", password).await;
        self.press_css("main form button[type=submit], form button.btn-primary").await;
        self.is_at("/login/totp").await;
    }

    pub async fn gives_code(&self, code: &str) {
        self.fill("code", code).await;
        self.press_css("main form button[type=submit], form button.btn-primary").await;
    }

    /// Sign-in at a tenant's portal.
    pub async fn signs_in_at_the_portal(&self, tenant: &str, email: &str, password: &str) {
        self.open(&format!("/portal/login?tenant={tenant}")).await;
        self.fill("email", email).await;
        self.fill("password", password).await;
        self.press_css("main form button[type=submit], form button.btn-primary").await;
    }

    /// Fills every required field of the form that is still empty, by its kind; answers how many there were.
    pub async fn fills_what_is_missing(&self) -> u64 {
        let script = "let n=0;for(const e of document.querySelectorAll('form.wizard-form [required]')){if(e.value.trim())continue;n++;\
            if(e.tagName==='SELECT')e.selectedIndex=1;else if(e.type==='date')e.value='2026-12-01';\
            else if(e.inputMode==='decimal'||e.inputMode==='numeric'||e.type==='number')e.value='12';else e.value='200 Lake Street, Chicago, Illinois';\
            e.dispatchEvent(new Event('input',{bubbles:true}));}return n;";
        self.driver.execute(script, vec![]).await.expect("filled").json().as_u64().unwrap_or(0)
    }

    /// Ticks the box beside this contact's name.
    pub async fn chooses_contact(&self, name: &str) {
        let label = self.find(name, By::XPath(format!("//label[.//input[@name='contact'] and contains(., \"{name}\")]"))).await;
        let field = label.find(By::Css("input[name=contact]")).await.expect("its box");
        if !field.is_selected().await.unwrap_or(false) {
            self.click(&field, name).await;
        }
    }

    /// Scrolls through a long text as a reader does, until its end counts as read and Continue can be pressed.
    pub async fn reads_to_the_end(&self) {
        let step = "window.scrollBy({top: 3000, behavior: 'instant'}); return window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;";
        self.until("the end of the text", || async {
            self.driver.execute(step, vec![]).await.ok().and_then(|end| end.json().as_bool()).unwrap_or(false)
        })
        .await;
        let open = "const b=[...document.querySelectorAll('button,a')].find(b=>b.textContent.includes('Continue'));\
                    return !!b && !b.disabled && b.getAttribute('aria-disabled')!=='true';";
        self.until("Continue, once the end was read", || async {
            self.driver.execute(open, vec![]).await.ok().and_then(|open| open.json().as_bool()).unwrap_or(false)
        })
        .await;
    }

    /// Writes in the open conversation.
    pub async fn says(&self, words: &str) {
        let field = self.element(".composer textarea").await;
        field.clear().await.expect("an empty field");
        field.send_keys(words).await.expect("typed");
        self.press_css(".composer button[type=submit]").await;
    }

    /// The messages of the open conversation, in the order shown.
    pub async fn said(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('.conversation-log .message .bubble')].map(b=>b.innerText.trim());";
        let answer = self.driver.execute(script, vec![]).await.expect("the log");
        answer.json().as_array().into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned)).collect()
    }

    /// The text of each element of this CSS selector.
    pub async fn words_of(&self, css: &str) -> Vec<String> {
        self.element(css).await;
        let script = "return [...document.querySelectorAll(arguments[0])].map(e=>e.innerText.trim());";
        let answer = self.driver.execute(script, vec![serde_json::json!(css)]).await.expect("the elements");
        answer.json().as_array().into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned)).collect()
    }

    /// The tokens in this browser's cookies: values too long to be a choice or a name.
    pub async fn cookies(&self) -> Vec<String> {
        let all = self.driver.get_all_cookies().await.expect("the cookies");
        all.into_iter().map(|cookie| cookie.value).filter(|value| value.len() >= 32).collect()
    }

    /// Fetches an address with this browser's own session: the status and the first four characters.
    pub async fn fetch(&self, path: &str) -> (u64, String) {
        let script = "const done=arguments[1];fetch(arguments[0]).then(async r=>done([r.status,(await r.text()).slice(0,4)])).catch(e=>done([0,String(e)]));";
        let answer = self.driver.execute_async(script, vec![serde_json::json!(path)]).await.expect("fetched");
        let pair = answer.json().clone();
        (pair[0].as_u64().unwrap_or(0), pair[1].as_str().unwrap_or_default().to_owned())
    }

    pub async fn leaves(self) {
        let _ = self.driver.quit().await;
    }
}
