// What cannot be read, said to a person. The service's own words stand below in small print.

const UNREADABLE = [
  [/digits/, "These are more digits than I can read at once."],
  [/blank|no ink/, "I see nothing to read. Draw a digit, larger or darker."],
  [/noise|stains/, "I see marks, but no digit among them."],
];

const BY_STATUS = {
  0: "The service does not answer. Is it still running?",
  400: "This file cannot be read as a picture. A PNG of a digit is best.",
  401: "The service asks for a key. Load the page again to enter it.",
  413: "This picture is too large for the service.",
  415: "This file cannot be read as a picture. A PNG of a digit is best.",
  422: "I cannot find a digit in this picture.",
  429: "The service is busy. Try again in a moment.",
  503: "The service is not ready for this.",
};

export function sentenceFor(error) {
  const known = error.status === 422 && UNREADABLE.find(([pattern]) => pattern.test(error.message));
  return known ? known[1] : BY_STATUS[error.status] ?? "The service failed. Its log says how.";
}

/** The service's own words as a sentence; none where it said nothing. */
export function finePrint(error) {
  const text = error.status === 0 ? "" : error.message;
  return text ? `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}` : "";
}
