// Whether some letters occur in a text in their order, and how well. Korean syllables are taken
// apart first, so that ㅎㅅ, or a syllable half typed, finds 해시태그.
export function normalised(text) {
  return text.normalize("NFKD").toLowerCase().replace(/\s+/g, " ").trim();
}

// Greater is better; null where the text does not match.
export function match(typed, text) {
  const wanted = [...normalised(typed)].filter((letter) => letter !== " ");
  const letters = [...normalised(text)];
  const whole = ` ${letters.join("")}`;
  const begins = whole.includes(` ${normalised(typed)}`); // a word
  let at = -1;
  let points = begins ? 20 : whole.includes(normalised(typed)) ? 10 : 0;
  for (const letter of wanted) {
    const next = letters.indexOf(letter, at + 1);
    if (next < 0) return null;
    if (next === at + 1) points += 2; // together
    if (next === 0 || letters[next - 1] === " ") points += 3; // at the beginning of a word
    at = next;
  }
  return points - letters.length / 100;
}
