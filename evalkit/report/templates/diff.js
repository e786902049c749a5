"use strict";

// Word-level difference: words as evalkit/report/diff.py cuts them, matched by longest common subsequence.
const Diff = (() => {
  const TOKEN = /[\p{L}\p{N}\p{M}_]+(?:['’-][\p{L}\p{N}\p{M}_]+)*|[^\p{L}\p{N}\p{M}_\s]/gu;
  // A longer text is compared only as a whole: the table below is quadratic.
  const LONGEST = 1500;

  const tokens = (text) => Array.from(text.matchAll(TOKEN), (m) => ({ word: m[0], at: m.index }));

  // Which tokens of both sides are in their longest common subsequence.
  function common(ours, theirs) {
    const n = ours.length, m = theirs.length;
    if (n > LONGEST || m > LONGEST) return [new Set(), new Set()];
    const width = m + 1;
    const best = new Uint16Array((n + 1) * width);
    for (let i = n - 1; i >= 0; i--) {
      for (let j = m - 1; j >= 0; j--) {
        best[i * width + j] = ours[i].word === theirs[j].word
          ? best[(i + 1) * width + j + 1] + 1
          : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
      }
    }
    const left = new Set(), right = new Set();
    for (let i = 0, j = 0; i < n && j < m;) {
      if (ours[i].word === theirs[j].word) { left.add(i++); right.add(j++); }
      else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) i++;
      else j++;
    }
    return [left, right];
  }

  function pieces(text, found, kept) {
    const result = [];
    let begin = -1, end = 0;
    const close = () => { if (begin >= 0) result.push([text.slice(begin, end), true]); begin = -1; };
    found.forEach((token, index) => {
      if (kept.has(index)) return;
      if (begin < 0 || kept.has(index - 1)) {
        close();
        if (token.at > end) result.push([text.slice(end, token.at), false]);
        begin = token.at;
      }
      end = token.at + token.word.length;
    });
    close();
    if (end < text.length) result.push([text.slice(end), false]);
    return result;
  }

  // Pieces [text, changed] of each text: changed is what no text of the other side has.
  function changes(provided, translations) {
    const sides = [provided.map(tokens), translations.map(tokens)];
    const kept = sides.map((side) => side.map(() => new Set()));
    sides[0].forEach((ours, i) => sides[1].forEach((theirs, j) => {
      const [left, right] = common(ours, theirs);
      left.forEach((index) => kept[0][i].add(index));
      right.forEach((index) => kept[1][j].add(index));
    }));
    return [provided, translations].map(
      (texts, side) => texts.map((text, k) => pieces(text, sides[side][k], kept[side][k])));
  }

  return { changes };
})();
