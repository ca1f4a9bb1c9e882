#pragma once
// Messages as an independent reader sees them: libxml2, and its validation by RELAX NG.

#include <libxml/parser.h>
#include <libxml/relaxng.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace portcullis::audit {

/// A document that is well-formed.
class XmlDocument {
  public:
    explicit XmlDocument(const std::string& text)
        : document_(xmlReadMemory(text.data(), static_cast<int>(text.size()), "message", nullptr,
                                  XML_PARSE_NONET | XML_PARSE_NOERROR)) {
        if (!document_) throw std::runtime_error("not well-formed: " + text);
    }
    xmlNode* root() const { return xmlDocGetRootElement(document_.get()); }
    xmlDoc* get() const { return document_.get(); }

  private:
    struct Free {
        void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
    };
    std::unique_ptr<xmlDoc, Free> document_;
};

class Schema {
  public:
    explicit Schema(const std::string& path) : parser_(xmlRelaxNGNewParserCtxt(path.c_str())) {
        schema_.reset(xmlRelaxNGParse(parser_.get()));
        if (!schema_) throw std::runtime_error(path + ": not a schema");
    }

    /// Why it refuses the document; empty: it takes it.
    std::string refusal(const XmlDocument& document) const {
        const std::unique_ptr<xmlRelaxNGValidCtxt, Free> context(xmlRelaxNGNewValidCtxt(schema_.get()));
        std::string why;
        xmlRelaxNGSetValidStructuredErrors(
            context.get(),
            [](void* into, xmlError* error) { *static_cast<std::string*>(into) += error->message; }, &why);
        if (xmlRelaxNGValidateDoc(context.get(), document.get()) != 0 && why.empty()) why = "refused";
        return why;
    }

  private:
    struct Free {
        void operator()(xmlRelaxNGParserCtxt* parser) const { xmlRelaxNGFreeParserCtxt(parser); }
        void operator()(xmlRelaxNG* schema) const { xmlRelaxNGFree(schema); }
        void operator()(xmlRelaxNGValidCtxt* context) const { xmlRelaxNGFreeValidCtxt(context); }
    };
    std::unique_ptr<xmlRelaxNGParserCtxt, Free> parser_;
    std::unique_ptr<xmlRelaxNG, Free> schema_;
};

}  // namespace portcullis::audit
