package browser

// An Element is a piece of a page with something wrong about it.
type Element struct {
	What string  // tag, class and the beginning of its text
	Is   float64 // what was measured
}

// Wider lists the elements that reach over the right edge of the window, and
// so make a page scroll sideways.
func (t *Tab) Wider() (all []Element) {
	t.b.t.Helper()
	t.Eval(`(() => {
	const w = document.documentElement.clientWidth, out = [];
	for (const e of document.body.querySelectorAll('*')) {
		const r = e.getBoundingClientRect();
		if (r.width > 0 && r.right > w + 0.5 && !e.closest('.heard')) out.push({What: e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + (e.textContent || '').trim().slice(0, 40), Is: r.right});
	}
	if (document.documentElement.scrollWidth > w) out.push({What: 'the page', Is: document.documentElement.scrollWidth});
	return out;
})()`, &all)
	return all
}

// Faint lists the texts with less contrast to what is behind them than wanted.
// WCAG 2.2, 1.4.3 and the definitions of contrast ratio and relative luminance.
func (t *Tab) Faint(least float64) (all []Element) {
	t.b.t.Helper()
	t.Eval(`((least) => {
	const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return {r: m[0], g: m[1], b: m[2], a: m.length > 3 ? m[3] : 1} };
	const lum = c => { const f = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 }; return 0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b) };
	const behind = e => {
		if (e.closest('svg.screens')) { const r = e.parentElement.querySelector('rect'); if (r && getComputedStyle(r).fill !== 'none') return parse(getComputedStyle(r).fill) }
		for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a > 0.99) return c }
		return {r: 255, g: 255, b: 255, a: 1};
	};
	const out = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const n = walk.currentNode, e = n.parentElement;
		if (!n.textContent.trim() || e.closest('title,desc,style,script,.heard')) continue;
		const s = getComputedStyle(e), ink = parse(e instanceof SVGElement ? s.fill : s.color);
		const a = lum(ink), b = lum(behind(e)), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < least) out.push({What: e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + n.textContent.trim().slice(0, 40), Is: ratio});
	}
	return out;
})(`+number(least)+`)`, &all)
	return all
}
