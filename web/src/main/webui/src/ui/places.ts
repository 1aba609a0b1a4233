/** One stretch of a disk image: how far the copy is there. */
export type Place = 'unwritten' | 'waiting' | 'reading' | 'read' | 'stored';

/** The letters a capture keeps as its step `places`; anything else in it counts as waiting. */
export function placesOf(step: string): Place[] {
  return [...step].map((letter) => {
    switch (letter) {
      case '.':
        return 'unwritten';
      case 's':
        return 'stored';
      case '8':
        return 'read';
      default:
        return /[1-7]/.test(letter) ? 'reading' : 'waiting';
    }
  });
}

/** How many stretches there are of each kind. */
export function counted(places: Place[]): Record<Place, number> {
  const counts = { unwritten: 0, waiting: 0, reading: 0, read: 0, stored: 0 };
  places.forEach((place) => counts[place]++);
  return counts;
}
