import { z } from 'zod';

/**
 * Text of a form of its own, with a complaint that fits what is wrong with it. Editors check by the form alone.
 *
 * @param faultOf what to say of a text, to follow the name of its key; nothing where the text is right
 */
export const formedText = (form: RegExp, faultOf: (text: string) => string | undefined) =>
  z
    .string()
    .superRefine((text, context) => {
      const message = faultOf(text);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .meta({ pattern: form.source });
