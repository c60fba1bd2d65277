// A plugin of Swagger UI, which by itself prints an SVG as text.
window.SvgPictures = () => ({
  wrapComponents: {
    responseBody: (Original, { React }) => props => props.contentType?.startsWith("image/svg+xml")
      ? React.createElement("img", {
        src: URL.createObjectURL(new Blob([props.content], { type: "image/svg+xml" })),
        alt: "The answer's picture",
        style: { maxWidth: "100%" },
      })
      : React.createElement(Original, props),
  },
});
