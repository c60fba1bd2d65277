import { openWhenSeen } from "./sections.js";

openWhenSeen({
  3.1: "./perceptron.js",
  3.2: "./functions.js",
  3.3: "./arrays.js",
  3.4: "./by-hand.js",
  3.5: "./output-layer.js",
  3.6: "./recognition.js",
});
