// One incident on a page of its own, without a socket: after an act it is read again.
siaga.once("alone", () => siaga.hear("acted", () => location.reload()));
