/** The page's colours as [red, green, blue], as the theme has them now. */
export function colour(name) {
  const probe = document.createElement("span");
  probe.className = `probe-${name}`;
  document.body.append(probe);
  const channels = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  probe.remove();
  return channels;
}

/** Paints signed numbers into a canvas of one pixel each: the sheet's colour is 0, full blue or red the largest. */
export function paintSigned(canvas, values, largest) {
  const [ground, plus, minus] = ["sheet", "blue", "red"].map(colour);
  paintSignedWith(canvas, values, largest, ground, plus, minus);
}

export function paintSignedWith(canvas, values, largest, ground, plus, minus) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, i) => {
    const towards = value >= 0 ? plus : minus;
    const share = Math.min(1, Math.abs(value) / largest);
    for (let channel = 0; channel < 3; channel++)
      image.data[i * 4 + channel] = ground[channel] + (towards[channel] - ground[channel]) * share;
    image.data[i * 4 + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}
