// A plugin of Swagger UI, which by itself prints an SVG as text, and makes up an example for it.
window.SvgPictures = () => ({
  afterLoad() {
    const { getSampleSchema } = this.fn;
    this.fn.getSampleSchema = (schema, type, config, example) =>
      type === "image/svg+xml" && example ? example : getSampleSchema(schema, type, config, example);
  },
  wrapComponents: {
    HighlightCode: (Original, { React }) => props => String(props.children).startsWith("<svg")
      ? React.createElement("img", {
        src: URL.createObjectURL(new Blob([props.children], { type: "image/svg+xml" })),
        alt: "The answer as a picture",
        style: { maxWidth: "100%" },
      })
      : React.createElement(Original, props),
  },
});
