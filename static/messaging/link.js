// The connection of one conversation: WebSocket, or server-sent events and POST where that does not get through.
// It knows sequence numbers and reconnection, and nothing of the page.

const PROTOCOL = "one-legal.v1";
const SLOWEST = 30_000;

/** Waits longer each time, never the same for two browsers. */
const wait = (tries) => Math.min(SLOWEST, 500 * 2 ** Math.min(tries, 7)) * (0.5 + Math.random() / 2);

export class Link extends EventTarget {
  /** The last act on its way by POST. */
  #turn = Promise.resolve();
  #socket;
  #events;
  #tries = 0;
  #neverOpened = 0;
  #timer;
  #resting = false;
  #pinged;
  #awaiting;

  /** `seen`: every event up to this number is on the page. */
  constructor(conversation, seen) {
    super();
    this.conversation = conversation;
    this.seen = seen;
    this.live = false;
    this.over = false;
    addEventListener("online", () => this.#now());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#now());
    this.#open();
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #open() {
    clearTimeout(this.#timer);
    this.#resting = false;
    if (this.over) return;
    if (this.#neverOpened >= 3) return this.#openEvents();
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    let socket;
    try {
      socket = new WebSocket(`${scheme}://${location.host}/ws`, PROTOCOL);
    } catch {
      this.#neverOpened = 3;
      return this.#openEvents();
    }
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.#neverOpened = 0;
      this.#subscribe();
      this.#pinged = setInterval(() => this.#ping(), 25_000);
    };
    socket.onmessage = (message) => this.#take(JSON.parse(message.data));
    socket.onclose = (event) => {
      clearInterval(this.#pinged);
      clearTimeout(this.#awaiting);
      if (this.#socket !== socket) return;
      if (!opened) this.#neverOpened += 1;
      this.#lost(event.code);
    };
  }

  /** A line that is dead says nothing: ask it. */
  #ping() {
    this.#say({ type: "ping", t: Date.now() });
    clearTimeout(this.#awaiting);
    this.#awaiting = setTimeout(() => this.#drop(), 10_000);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#lost(0);
  }

  #openEvents() {
    const events = new EventSource(`/api/v1/events?conversation=${this.conversation}&after=${this.seen}`);
    this.#events = events;
    events.onmessage = (message) => this.#take(JSON.parse(message.data));
    events.addEventListener("close", (event) => {
      events.close();
      this.#events = undefined;
      this.#lost(JSON.parse(event.data).code);
    });
    events.onerror = () => {
      events.close();
      this.#events = undefined;
      this.#lost(0);
    };
  }

  #lost(code) {
    this.live = false;
    if (code === 4401) {
      this.over = true;
      this.#tell("over", "signed-out");
    } else {
      this.#resting = true;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#open(), wait(this.#tries++));
    }
    this.#tell("state");
  }

  #now() {
    if (!this.#resting) return;
    this.#tries = 0;
    this.#open();
  }

  #subscribe() {
    this.#say({ type: "subscribe", conversation: this.conversation, after: this.seen });
  }

  #take(frame) {
    clearTimeout(this.#awaiting);
    if (frame.conversation && frame.conversation !== this.conversation) return;
    switch (frame.type) {
      case "event":
        if (frame.seq <= this.seen) return;
        if (frame.seq > this.seen + 1) return this.#subscribe();
        this.seen = frame.seq;
        this.#tell("event", frame);
        break;
      case "subscribed":
        this.live = true;
        this.#tries = 0;
        this.#tell("state");
        this.#tell("live");
        break;
      case "resync":
        this.live = false;
        this.#subscribe();
        break;
      case "nack":
        if (frame.code === "not_found" && !frame.client_id) {
          this.over = true;
          this.#tell("over", "removed");
        } else if (frame.client_id) {
          this.#tell("nack", frame);
        }
        break;
      case "hello":
        break;
      default:
        this.#tell(frame.type, frame);
    }
  }

  #say(frame) {
    // 1: open. Where sockets are blocked the constants may be missing too.
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** What is nice to have: typing. */
  hint(frame) {
    if (this.live) this.#say({ ...frame, conversation: this.conversation });
  }

  read(seq) {
    if (!this.live) return;
    if (!this.#say({ type: "read", conversation: this.conversation, seq })) this.#post("read", "POST", { seq }).catch(() => {});
  }

  /** Sends an act that is acknowledged: send, edit, delete. The answer comes as `ack` or `nack`. */
  act(act) {
    if (this.#say({ ...act, conversation: this.conversation })) return;
    // One after the other: what was written first arrives first.
    if (this.#events) this.#turn = this.#turn.then(() => this.#actByPost(act));
  }

  async #actByPost(act) {
    const { type, client_id, seq, ...rest } = act;
    const [path, method] =
      type === "send" ? ["messages", "POST"] : [`messages/${seq}`, type === "edit" ? "PATCH" : "DELETE"];
    try {
      const answer = await this.#post(path, method, { client_id, ...rest });
      const body = await answer.json();
      if (answer.ok) this.#tell("ack", { client_id, seq: body.seq });
      else
        this.#tell("nack", {
          client_id,
          code: body.code,
          detail: body.detail,
          retry_after_ms: Number(answer.headers.get("retry-after") ?? 2) * 1000,
        });
    } catch {
      this.#tell("nack", { client_id, code: "storage_unavailable" });
    }
  }

  #post(path, method, body) {
    return fetch(`/api/v1/conversations/${this.conversation}/${path}`, {
      method,
      headers: { "content-type": "application/json", accept: "application/json" },
      body: method === "DELETE" ? undefined : JSON.stringify(body),
    });
  }
}
