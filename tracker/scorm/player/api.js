/* SCORM's API for both standards, over the one table of elements that the server checks by too (tracker/scorm/data_model.py).

   A package calls synchronously and is answered at once; `host` is told what happened and sees to it that it is stored:
   changed(), committed(), ended(navigation). References: SCORM 1.2 RTE 3.3 and 3.4, SCORM 2004 4th edition RTE 3 and 4. */
"use strict";

const ERRORS = {
  "1.2": {
    argument: 201, running: 101, terminated: 101, beforeStart: 301, afterEnd: 301, unknown: 201, noChildren: 202, noCount: 203,
    place: 201, keyword: 402, readOnly: 403, writeOnly: 404, type: 405, range: 405, unset: 0, dependency: 201, twice: 201,
  },
  "2004": {
    argument: 201, running: 103, terminated: 104, unknown: 401, noChildren: 301, noCount: 301, place: 301, placeToSet: 351,
    keyword: 404, readOnly: 404, writeOnly: 405, type: 406, range: 407, unset: 403, dependency: 408, twice: 351,
    // Which of the calls came too early or too late has a number of its own.
    beforeEnd: 112, afterEnded: 113, beforeGet: 122, afterGet: 123, beforeSet: 132, afterSet: 133, beforeCommit: 142, afterCommit: 143,
  },
};
const SAID = {
  0: "No error", 101: "General exception", 102: "General initialization failure", 103: "Already initialized",
  104: "Content instance terminated", 111: "General termination failure", 112: "Termination before initialization",
  113: "Termination after termination", 122: "Retrieve data before initialization", 123: "Retrieve data after termination",
  132: "Store data before initialization", 133: "Store data after termination", 142: "Commit before initialization",
  143: "Commit after termination", 201: "General argument error", 202: "Element cannot have children",
  203: "Element not an array, cannot have count", 301: "General get failure", 351: "General set failure",
  391: "General commit failure", 401: "Undefined data model element", 402: "Unimplemented data model element",
  403: "Data model element value not initialized", 404: "Data model element is read only",
  405: "Data model element is write only", 406: "Data model element type mismatch",
  407: "Data model element value out of range", 408: "Data model dependency not established",
};
const SAID_1_2 = {
  201: "Invalid argument error", 301: "Not initialized", 401: "Not implemented error",
  402: "Invalid set value, element is a keyword", 403: "Element is read only", 404: "Element is write only",
  405: "Incorrect data type",
};

class Runtime {
  constructor(model, values, seconds, host) {
    this.model = model;
    this.is2004 = model.standard === "2004";
    this.values = new Map(Object.entries(values));
    this.seconds = seconds; // in all sessions that have ended
    this.host = host;
    this.running = this.terminated = this.talked = false;
    this.error = 0;
    this.names = this.is2004
      ? { exit: "cmi.exit", session: "cmi.session_time", total: "cmi.total_time", entry: "cmi.entry" }
      : { exit: "cmi.core.exit", session: "cmi.core.session_time", total: "cmi.core.total_time", entry: "cmi.core.entry" };
    this.patterns = new Map();
  }

  /* What is stored: everything that the package may write and that lasts. */
  report() {
    const data = {};
    for (const [name, value] of this.values) if (this.element(name)?.keeps) data[name] = value;
    return { data, open: this.running, seconds: Math.floor(this.seconds + (this.running ? this.sessionSeconds() : 0)) };
  }

  initialize(argument) {
    if (!this.takes(argument)) return "false";
    if (this.running) return this.fails("running");
    if (this.terminated && this.is2004) return this.fails("terminated");
    if (this.terminated) { // in 1.2 a package of several pages may begin and end on each
      this.values.set(this.names.entry, this.values.get(this.names.exit) === "suspend" ? "resume" : "");
    }
    this.values.delete(this.names.exit);
    this.values.delete(this.names.session);
    this.running = this.talked = true;
    this.began = Date.now();
    this.host.changed();
    return this.succeeds("true");
  }

  terminate(argument) {
    if (!this.takes(argument)) return "false";
    if (!this.running) return this.is2004 ? this.fails(this.terminated ? "afterEnded" : "beforeEnd") : this.fails("beforeStart");
    if (!this.is2004) this.settle();
    this.seconds += this.sessionSeconds();
    this.values.set(this.names.total, writtenDuration(Math.floor(this.seconds), this.is2004));
    this.values.delete(this.names.session);
    this.running = false;
    this.terminated = true;
    const wish = this.values.get("adl.nav.request");
    this.values.delete("adl.nav.request");
    this.host.ended(wish && wish !== "_none_" ? wish : "");
    return this.succeeds("true");
  }

  commit(argument) {
    if (!this.takes(argument)) return "false";
    if (!this.inSession("Commit")) return "false";
    this.host.committed();
    return this.succeeds("true");
  }

  get(name) {
    if (!this.inSession("Get")) return "";
    name = String(name);
    if (!name) return this.fails(this.is2004 ? "place" : "argument", "");
    if (/\._children$/.test(name)) {
      const children = this.model.children[generic(name.slice(0, -10))];
      return children ? this.succeeds(children) : this.fails(this.isKnown(name.slice(0, -10)) ? "noChildren" : "unknown", "");
    }
    if (/\._count$/.test(name)) {
      const place = name.slice(0, -7);
      if (!this.model.collections.includes(generic(place))) return this.fails(this.isKnown(place) ? "noCount" : "unknown", "");
      return this.isThere(place + ".") ? this.succeeds(String(this.count(place))) : this.fails("place", "");
    }
    if (name === "cmi._version") return this.succeeds(this.model.version);
    const element = this.element(name);
    if (!element && /^adl\.nav\.request_valid\.(choice|jump)\.\{target=[^{}]+\}$/.test(name)) return this.succeeds("unknown");
    if (!element) return this.fails("unknown", "");
    if (element.access === "w") return this.fails("writeOnly", "");
    if (!this.isThere(name)) return this.fails("place", "");
    const value = this.decided(name) ?? this.values.get(name) ?? element.default;
    return value === null || value === undefined ? this.fails("unset", "") : this.succeeds(value);
  }

  set(name, value) {
    if (!this.inSession("Set")) return "false";
    name = String(name);
    value = value === null || value === undefined ? "" : String(value);
    if (/\.(_children|_count|_version)$/.test(name)) return this.fails(this.isKnown(name.replace(/\.[^.]*$/, "")) ? "keyword" : "unknown");
    const element = this.element(name);
    if (!element) return this.fails(name ? "unknown" : this.is2004 ? "placeToSet" : "argument");
    if (element.access === "r") return this.fails("readOnly");
    const trouble = this.misplaced(name, value) || this.mistyped(element, value);
    if (trouble) return this.fails(trouble);
    this.values.set(name, value);
    this.host.changed();
    return this.succeeds("true");
  }

  lastError() { return String(this.error); }

  said(code) { return (!this.is2004 && SAID_1_2[code]) || SAID[code] || ""; }

  // --- what an element may be -------------------------------------------------------------------------------------------

  element(name) { return Object.hasOwn(this.model.elements, generic(name)) && !/\.n\./.test(name) ? this.model.elements[generic(name)] : null; }

  /* Whether anything of the model begins like this. */
  isKnown(name) {
    const start = generic(name + ".").replace(/\.$/, "");
    return Object.keys(this.model.elements).some((known) => known === start || known.startsWith(start + "."));
  }

  count(place) {
    let most = 0;
    for (const name of this.values.keys()) {
      if (name.startsWith(place + ".")) most = Math.max(most, Number(name.slice(place.length + 1).split(".")[0]) + 1);
    }
    return most;
  }

  /* Whether every place that a name goes through is there. */
  isThere(name) { return placesOf(name).every(([place, index]) => index < this.count(place)); }

  /* Why an element cannot be set at its place, or nothing. New records come in order, and begin with their id. */
  misplaced(name, value) {
    for (const [place, index] of placesOf(name)) {
      const count = this.count(place);
      if (index > count || index >= this.model.mostInACollection) return this.is2004 ? "placeToSet" : "place";
      const needsId = this.is2004 && /\.(interactions|objectives)$/.test(place);
      if (index === count && needsId && name !== `${place}.${index}.id`) return "dependency";
      if (this.is2004 && /objectives$/.test(place) && name === `${place}.${index}.id`) {
        for (let other = 0; other < count; other++) if (other !== index && this.values.get(`${place}.${other}.id`) === value) return "twice";
      }
    }
    const typed = this.is2004 && name.match(/^(cmi\.interactions\.\d+)\.(learner_response$|correct_responses\.)/);
    return typed && !this.values.get(`${typed[1]}.type`) ? "dependency" : "";
  }

  mistyped(element, value) {
    if (value.length > element.longest || value.includes("\0")) return "type";
    if (!this.patterns.has(element.pattern)) this.patterns.set(element.pattern, new RegExp(`^(?:${element.pattern})$`));
    if (!this.patterns.get(element.pattern).test(value)) return "type";
    if (value === "" || (element.least === null && element.most === null)) return "";
    const isOutside = (element.least !== null && Number(value) < element.least) || (element.most !== null && Number(value) > element.most);
    return isOutside ? "range" : "";
  }

  // --- what the product decides -----------------------------------------------------------------------------------------

  /* In 2004 a mark in the manifest decides before the package's own word; nothing where there is none. */
  decided(name) {
    const measure = (mark, value, [yes, no]) => {
      if (!this.values.get(mark)) return undefined;
      const reached = this.values.get(value);
      return reached === undefined || reached === "" ? "unknown" : Number(reached) >= Number(this.values.get(mark)) ? yes : no;
    };
    if (name === "cmi.completion_status") return measure("cmi.completion_threshold", "cmi.progress_measure", ["completed", "incomplete"]);
    if (name === "cmi.success_status") return measure("cmi.scaled_passing_score", "cmi.score.scaled", ["passed", "failed"]);
    return undefined;
  }

  /* In 1.2: who ends without a word has done it, and the mastery score decides over what is done. */
  settle() {
    const status = this.values.get("cmi.core.lesson_status") ?? "not attempted";
    const mastery = this.values.get("cmi.student_data.mastery_score"), raw = this.values.get("cmi.core.score.raw");
    if (status === "not attempted") this.values.set("cmi.core.lesson_status", "completed");
    if (mastery && raw && !["incomplete", "browsed"].includes(status)) {
      this.values.set("cmi.core.lesson_status", Number(raw) >= Number(mastery) ? "passed" : "failed");
    }
  }

  /* As the package says; by the clock where it says nothing. */
  sessionSeconds() {
    const said = this.values.get(this.names.session);
    return said ? secondsOf(said) : (Date.now() - this.began) / 1000;
  }

  // --- answers ----------------------------------------------------------------------------------------------------------

  takes(argument) {
    if (argument === "" || argument === undefined || argument === null) return true;
    this.fails("argument");
    return false;
  }

  inSession(call) {
    if (this.running) return true;
    this.fails(this.is2004 ? (this.terminated ? "after" : "before") + call : "beforeStart");
    return false;
  }

  succeeds(value) { this.error = 0; return value; }

  fails(trouble, value = "false") { this.error = ERRORS[this.model.standard][trouble]; return value; }
}

/* cmi.interactions.3.id -> cmi.interactions.n.id */
function generic(name) { return name.replace(/\.(0|[1-9]\d*)(?=\.|$)/g, ".n"); }

/* cmi.interactions.3.objectives.0.id -> [["cmi.interactions", 3], ["cmi.interactions.3.objectives", 0]] */
function placesOf(name) {
  return [...name.matchAll(/\.(0|[1-9]\d*)(?=\.)/g)].map((found) => [name.slice(0, found.index), Number(found[1])]);
}

function secondsOf(written) {
  const clock = written.match(/^(\d+):(\d+):([\d.]+)$/);
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const parts = written.match(/^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/) || [];
  return [31557600, 2629800, 86400, 3600, 60, 1].reduce((sum, each, place) => sum + each * Number(parts[place + 1] || 0), 0);
}

function writtenDuration(seconds, is2004) {
  const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60, left = seconds % 60;
  const two = (number) => String(number).padStart(2, "0");
  return is2004 ? `PT${hours}H${minutes}M${left}S` : `${String(Math.min(hours, 9999)).padStart(4, "0")}:${two(minutes)}:${two(left)}.00`;
}

/* The two objects that packages look for, over one runtime. */
function apiOf(runtime) {
  const common = { error: () => runtime.lastError(), said: (code) => runtime.said(code === "" || code === undefined ? runtime.lastError() : code) };
  return runtime.is2004 ? {
    Initialize: (argument) => runtime.initialize(argument), Terminate: (argument) => runtime.terminate(argument),
    GetValue: (name) => runtime.get(name), SetValue: (name, value) => runtime.set(name, value),
    Commit: (argument) => runtime.commit(argument), GetLastError: common.error, GetErrorString: common.said, GetDiagnostic: common.said,
  } : {
    LMSInitialize: (argument) => runtime.initialize(argument), LMSFinish: (argument) => runtime.terminate(argument),
    LMSGetValue: (name) => runtime.get(name), LMSSetValue: (name, value) => runtime.set(name, value),
    LMSCommit: (argument) => runtime.commit(argument), LMSGetLastError: common.error, LMSGetErrorString: common.said,
    LMSGetDiagnostic: common.said,
  };
}
