import { createTheme, type MantineColorsTuple } from '@mantine/core';

const slate: MantineColorsTuple = [
  '#d6dce3',
  '#b4bdc8',
  '#8f9aa8',
  '#677382',
  '#3d4855',
  '#2c3641',
  '#1f2730',
  '#171d24',
  '#11161c',
  '#0c1015',
];
const tide: MantineColorsTuple = [
  '#e6f4f8',
  '#cfe6ee',
  '#a2cddd',
  '#73b3cb',
  '#4d9dbb',
  '#358fb1',
  '#2683a8',
  '#176b8c',
  '#0e5a78',
  '#064864',
];

/** Dense and calm: small type, thin lines, one quiet accent. */
export const theme = createTheme({
  primaryColor: 'tide',
  primaryShade: { light: 7, dark: 6 },
  colors: { dark: slate, tide },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '11.5px', sm: '13px', md: '13.5px', lg: '15px', xl: '18px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
  },
});
