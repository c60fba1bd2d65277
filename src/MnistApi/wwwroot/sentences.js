// What the service refuses, said to a person. Its own words stand below in small print.

const KNOWN = [
  [/several digits/, "I see more than one digit. Draw one at a time."],
  [/blank|no ink|nothing to read/, "I see nothing to read. Press a little harder, or draw larger."],
  [/noise|stains|specks/, "I see marks, but no digit among them."],
];

const BY_STATUS = {
  0: "The service does not answer. Is it still running?",
  400: "The service cannot read this file. A PNG of one digit is what it wants.",
  401: "The service wants a key.",
  413: "This picture is too large for the service.",
  415: "The service reads PNG pictures only.",
  422: "I cannot find a digit in this picture.",
  429: "The service is busy. It will be free again in a moment.",
  503: "Something that this needs is not there yet.",
};

export function sentenceFor(error) {
  const known = error.status === 422 && KNOWN.find(([pattern]) => pattern.test(error.message));
  return known ? known[1] : BY_STATUS[error.status] ?? "The service failed to read this. Its log says why.";
}

/** The service's own words as a sentence. */
export function finePrint(error) {
  const text = error.message;
  return text ? `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}` : "";
}
