/** `not_collected` → `not collected`. */
export function words(name: string): string {
  return name.replaceAll('_', ' ').toLowerCase();
}
