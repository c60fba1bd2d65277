const LARGEST_SIDE = 1024; // of pictures that are not PNG and so are redrawn here

/** Takes pictures that are chosen, dropped or pasted; PNGs are passed on as they are, others redrawn as PNG. */
export function acceptPictures(input, board, refuse) {
  const take = async file => {
    if (!file)
      return;
    try {
      const sent = file.type === "image/png" ? file : await redraw(file);
      board.showPicture(sent, await createImageBitmap(sent));
    } catch {
      refuse(file.name);
    }
  };
  const takeChosen = async () => {
    await take(input.files[0]);
    input.value = "";
  };
  input.addEventListener("change", takeChosen);
  takeChosen(); // it may have been chosen before this ran
  document.addEventListener("paste", event => take([...event.clipboardData.files].find(isPicture)));
  document.addEventListener("dragover", event => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", event => {
    if (!event.relatedTarget)
      document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", event => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    const { files } = event.dataTransfer;
    take([...files].find(isPicture) ?? files[0]);
  });
}

const isPicture = file => file.type.startsWith("image/");

async function redraw(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LARGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.max(1, bitmap.width * scale), Math.max(1, bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.convertToBlob({ type: "image/png" });
}
