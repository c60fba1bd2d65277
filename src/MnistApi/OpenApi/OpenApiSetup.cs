using System.Net.Mime;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using MnistApi.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

internal static class OpenApiSetup
{
    /// <summary>The user interface's one addition: it shows SVG as pictures. Also its name in the assembly.</summary>
    private const string PicturesScript = "/swagger/pictures.js";

    public static void AddOpenApiDocument(this WebApplicationBuilder builder, AccessOptions access)
    {
        builder.Services.AddEndpointsApiExplorer();
        builder.Services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "MnistApi",
                Version = typeof(OpenApiSetup).Assembly.GetName().Version!.ToString(3),
                Description =
                    "Handwritten digits to class probabilities: the three-layer network of Deep Learning from Scratch, chapter 3, "
                    + "as a service.",
                Contact = new OpenApiContact { Name = "The MnistApi authors" },
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            });
            options.OrderActionsBy(Position);
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.IncludeXmlComments(typeof(OpenApiSetup).Assembly);
            if (access.Keys.Count > 0)
                DescribeKeys(options);
            options.OperationFilter<EndpointDetailsFilter>();
            options.OperationFilter<ProblemResponses>();
            options.DocumentFilter<DocumentFrame>();
            options.DocumentAsyncFilter<RealAnswers>();
        });
    }

    private static string Position(ApiDescription api)
    {
        var tags = api.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().FirstOrDefault()?.Tags;
        return $"{Groups.Position(tags?[0] ?? "")}{api.RelativePath}";
    }

    private static void DescribeKeys(SwaggerGenOptions options)
    {
        const string Name = "apiKey";
        options.AddSecurityDefinition(Name, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = ApiKeyHandler.Header,
        });
        options.AddSecurityRequirement(document => new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(Name, document)] = [],
        });
    }

    /// <summary>The document, its page, and the files that its examples name.</summary>
    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapGet(ExampleDigit.PngPath, () => Results.Bytes(ExampleDigit.Png(), MediaTypeNames.Image.Png))
            .AllowAnonymous()
            .ExcludeFromDescription();
        app.MapGet(ExampleDigit.RawPath, () => Results.Bytes(ExampleDigit.Pixels(), MediaTypeNames.Application.Octet))
            .AllowAnonymous()
            .ExcludeFromDescription();
        app.MapSwagger("/swagger/{documentName}/swagger.json", options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1)
            .AllowAnonymous()
            .ExcludeFromDescription();
        app.MapGet(PicturesScript, () => Results.Stream(
                typeof(OpenApiSetup).Assembly.GetManifestResourceStream(PicturesScript)!, MediaTypeNames.Text.JavaScript))
            .AllowAnonymous()
            .ExcludeFromDescription();
        // In a branch, so that it looks at no other requests.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger"), branch => branch.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "MnistApi";
            options.SwaggerEndpoint("v1/swagger.json", "MnistApi");
            options.DefaultModelsExpandDepth(0); // the list of schemas is folded
            options.HeadContent = "<style>.response-col_links { display: none }</style>"; // nothing but "No links"
            options.InjectJavascript("pictures.js");
            options.ConfigObject.Plugins = ["SvgPictures"];
        }));
    }
}
