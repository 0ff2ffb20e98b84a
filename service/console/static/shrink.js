// Photographs as a phone makes them are larger than anybody looks at: a smaller copy is sent instead.
// What the browser cannot decode, such as HEIC in most of them, is sent as it is.
const LONGEST = 1600; // pixels; more than the service keeps or looks at
const SMALL = 2 ** 20; // bytes, below which nothing is gained
const KINDS = ["image/jpeg", "image/webp", "image/avif", "image/heic", "image/heif"];

function draw(bitmap, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}

export async function shrink(file) {
  if (file.size <= SMALL || !KINDS.includes(file.type)) return file;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return file;
  const canvas = draw(bitmap, Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height)));
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.92); });
  return blob && blob.size < file.size ? new File([blob], file.name, { type: blob.type }) : file;
}

// A small drawing of a photograph; null where the browser cannot decode it.
export async function thumbnail(file, height) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const canvas = draw(bitmap, height / bitmap.height);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", file.name);
  return canvas;
}
