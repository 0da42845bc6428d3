// Posts: the stations that a form which sends may send from, how many are free there, and how many go from each.
export const all = (form, selector) => [...form.querySelectorAll(selector)];
export const number = form => form.querySelector(".stepper-n");
export const near = form => all(form, ".post").sort((a, b) => a.dataset.metres - b.dataset.metres);
// nobody stated it: nothing says that they cannot
export const room = post => (post.dataset.free === "" ? Infinity : Number(post.dataset.free));
export const nowhere = form => !form.querySelector(".post[data-metres]");
export const goFrom = post => Number(post.querySelector(".post-go").value) || 0;
export const sum = posts => posts.reduce((n, post) => n + goFrom(post), 0);

// "Sunggal"; "Polrestabes 5, Area 1" when there are several: a name and its number on one line.
export const names = posts =>
  posts.map(post => (posts.length > 1 ? `${post.dataset.short}\u00a0${goFrom(post)}` : post.dataset.short)).join(", ");
export const missing = posts => posts.reduce((n, post) => n + Math.max(0, goFrom(post) - room(post)), 0);

// Those beyond who could bring what is missing.
export function beyond(posts) {
  let left = missing(posts);
  return posts.filter(post => {
    const n = Math.max(0, room(post) - goFrom(post));
    if (left <= 0 || !n) return false;
    left -= n;
    return true;
  });
}
