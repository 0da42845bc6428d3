// Going: what a form that sends says of who goes from where. Who sends stands first, one line says why the nearest does
// not, the button says it all; over the free strength a reason is asked for, and what else there is stands beside it.
import { fill, tell, write } from "./page.js";
import { all, beyond, goFrom, missing, names, near, nowhere, room, sum } from "./posts.js";

const SHOWN = 3;
const MOST = 2;

export function show(form) {
  const posts = near(form);
  const sends = posts.filter(goFrom);
  const over = missing(posts);
  const send = form.querySelector("[data-sends]");
  const key = send.querySelector(".key");
  const ask = form.querySelector(".over");
  for (const post of posts) post.querySelector(".post-in").checked = goFrom(post) > 0;
  const says = sends.length || !nowhere(form) ? send.dataset.text : send.dataset.choose;
  send.replaceChildren(fill(says, { n: sum(posts), from: names(sends) }), ...(key ? [key] : []));
  send.disabled = !sends.length;
  why(form, posts, sends);
  ask.toggleAttribute("data-needed", over > 0);
  ask.querySelector("input").required = over > 0;
  ask.querySelector("span").textContent = fill(ask.querySelector("span").dataset.text, over);
  const reach = ask.querySelector("[data-reach]");
  const others = over > 0 ? beyond(posts) : [];
  reach.hidden = !others.length;
  reach.textContent = fill(reach.dataset.text, others.map(post => post.dataset.short).join(", "));
  arrange(form, posts, sends);
  tell("sending", { form });
}

function why(form, posts, sends) {
  const line = form.querySelector(".from-why");
  const [first] = posts;
  const { dataset } = line;
  if (!first) return;
  const free = room(first);
  const others = sends.filter(post => post !== first);
  const said = others
    .slice(0, MOST)
    .map(post => post.dataset.short)
    .join(", ");
  const known = {
    near: first.dataset.short,
    n: free,
    from: others.length > MOST ? `${said}, +${others.length - MOST}` : said,
  };
  const which = nowhere(form)
    ? "nowhere"
    : !posts.some(room)
      ? "none"
      : posts.every(post => goFrom(post) >= room(post))
        ? "all"
        : !goFrom(first)
          ? free === Infinity
            ? "unstated"
            : free
              ? "other"
              : "empty"
          : free && goFrom(first) >= free && others.length
            ? "few"
            : "";
  write(line.querySelector("span"), which ? fill(dataset[which], known) : "");
  line.toggleAttribute("data-says", Boolean(which));
  line.toggleAttribute("data-calm", which === "other" || which === "nowhere");
}

// What sends comes first, then by distance; not while the hand is in the list: nothing moves beneath it.
function arrange(form, posts, sends) {
  const list = form.querySelector(".posts");
  const more = form.querySelector(".posts-more");
  const open = more.getAttribute("aria-expanded") === "true";
  const order = list.contains(document.activeElement)
    ? all(form, ".post")
    : [...sends, ...posts.filter(post => !goFrom(post))];
  if (order.some((post, n) => post !== list.children[n])) list.append(...order);
  const shown = Math.max(SHOWN, sends.length);
  const rest = order.filter((post, n) => n >= shown && !goFrom(post));
  for (const post of order) post.toggleAttribute("data-far", !open && rest.includes(post));
  more.hidden = !rest.length;
  const { more: some, less } = more.dataset;
  const free = rest.reduce((n, post) => n + (post.dataset.free === "" ? 0 : room(post)), 0);
  write(more.querySelector("span"), open ? less : fill(some, { n: rest.length, free }));
}
