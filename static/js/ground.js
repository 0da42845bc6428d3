// The ground as it comes (/map/level0.json): each border once, in steps of a hundred-thousandth of a degree; a ring is
// a list of borders, ~n walked backwards. Here every area gets its rings as corners [lat, lon].
export const unpacked = ground => {
  const borders = ground.borders.map(steps => {
    const corners = [];
    let lat = 0;
    let lon = 0;
    for (let n = 0; n < steps.length; n += 2) {
      lat += steps[n];
      lon += steps[n + 1];
      corners.push([lat / 1e5, lon / 1e5]);
    }
    return corners;
  });
  // the next one begins where it ends
  const walked = n => (n < 0 ? [...borders[~n]].reverse() : borders[n]).slice(0, -1);
  const whole = area => ({ ...area, rings: area.rings.map(ring => ring.flatMap(walked)) });
  const { districts, villages, neighbours } = ground;
  return {
    ...ground,
    districts: districts.map(whole),
    villages: villages.map(whole),
    neighbours: neighbours.map(whole),
  };
};
