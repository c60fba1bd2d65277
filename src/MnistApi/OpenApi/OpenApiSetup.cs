using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using MnistApi.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

internal static class OpenApiSetup
{
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
            options.OperationFilter<WrittenParts>();
            options.DocumentFilter<DocumentFrame>();
        });
    }

    private static string Position(ApiDescription api)
    {
        var tag = api.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().First().Tags[0];
        return $"{Array.FindIndex(Groups.All, group => group.Name == tag)}{api.RelativePath}";
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

    /// <summary>The document, its page, and the files that both name.</summary>
    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapFiles();
        app.MapSwagger("/swagger/{documentName}/swagger.json", options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1)
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
